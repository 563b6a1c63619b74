/**
 * Real worker threads for specs. A worker runs a plain module that imports the built package, as a program does; what it posts and
 * how it ends is collected, so that nothing is missed that came before somebody asked for it.
 */
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Folder of the programs that the workers run. */
const PROGRAMS = join(__dirname, '../locks/shared/workers');

export interface Thread {
  readonly worker: Worker;
  readonly threadId: number;
  /** Resolves with the next message that nobody has got yet; rejects if the thread ends before it comes. */
  next(): Promise<unknown>;
  /** Resolves with the messages that nobody has got, when the thread has ended; rejects with what it threw. */
  end(): Promise<readonly unknown[]>;
  /** Ends it from outside, wherever it is. */
  kill(): Promise<void>;
}

const threads = new Set<Worker>();

/** Starts a thread that runs a program of spec/locks/shared/workers. */
export function startThread(program: string, data: unknown = {}): Thread {
  const worker = new Worker(join(PROGRAMS, program), { workerData: data });
  const { threadId } = worker;
  threads.add(worker);
  const messages: unknown[] = [];
  const failures: unknown[] = [];
  const news = new EventEmitter();
  let isOver = false;
  worker.on('message', (message) => {
    messages.push(message);
    news.emit('any');
  });
  worker.on('error', (error) => failures.push(error));
  const ended = once(worker, 'exit').then(() => {
    isOver = true;
    threads.delete(worker);
    news.emit('any');
  });
  // Who asks for the end gets the failure from there.
  ended.catch(() => undefined);
  return {
    worker,
    threadId,
    async next() {
      while (messages.length === 0) {
        if (isOver) {
          throw failures[0] ?? new Error(`thread ${threadId} (${program}) ended without another message`);
        }
        await once(news, 'any');
      }
      return messages.shift();
    },
    async end() {
      await ended;
      if (failures.length > 0) {
        throw failures[0];
      }
      return messages.splice(0);
    },
    async kill() {
      await worker.terminate();
      await ended;
    },
  };
}

/** Ends all threads that still run: for `afterEach`. */
export async function endThreads(): Promise<void> {
  await Promise.all([...threads].map((worker) => worker.terminate()));
  threads.clear();
}
