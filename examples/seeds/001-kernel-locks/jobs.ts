/**
 * What threads of these examples can do, and how they are started. A job runs from its beginning to its end without the event loop,
 * as code of a kernel does.
 */
import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LockdepOptions, SharedLockHandle, Snapshot } from '../../../lib/index.ts';
import { THREAD } from '../built.ts';

export type JobName = 'hold' | 'grab' | 'hammer' | 'read' | 'write' | 'answer';

export interface Job {
  readonly job: JobName;
  readonly handles: readonly SharedLockHandle[];
  /** Words that all threads see; what they mean is said at each job. */
  readonly words: Int32Array;
  /** Number of the thread among those of the program, from 0. */
  readonly at: number;
  /** How often, or up to which sum over all threads. */
  readonly times: number;
  readonly options: LockdepOptions;
}

/** A thread at work. */
export class Hand {
  readonly #worker: Worker;
  readonly #snapshot: Promise<Snapshot>;

  /** Starts it. */
  constructor(job: Job) {
    this.#worker = new Worker(path.join(__dirname, 'thread.ts'), { ...THREAD, workerData: job });
    this.#snapshot = once(this.#worker, 'message').then(([snapshot]) => snapshot as Snapshot);
  }

  /** Resolves when the job is done, to what the checker of the thread has to say. */
  get done(): Promise<Snapshot> {
    return this.#snapshot;
  }
}

/** Starts the same job in several threads. */
export function hands(count: number, job: Omit<Job, 'at' | 'options'> & Partial<Job>): readonly Hand[] {
  return Array.from({ length: count }, (_, at) => new Hand({ options: {}, ...job, at }));
}

/** Words that threads share, all 0. */
export function sharedWords(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * count));
}

/** Sets a word, and wakes whoever waits for it. */
export function put(words: Int32Array, at: number, value = 1): void {
  Atomics.store(words, at, value);
  Atomics.notify(words, at);
}

/** Waits, asleep, until the word is no longer 0. */
export function waitFor(words: Int32Array, at: number): void {
  while (Atomics.load(words, at) === 0) {
    Atomics.wait(words, at, 0);
  }
}

/** Keeps the processor busy for so long. */
export function workFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) {}
}
