/**
 * What the operating system and the runtime know of threads. On Linux a thread, its end and its processor time are seen in /proc, even
 * while every event loop of the process stands still; a look costs a few µs. Elsewhere the answer is "not known".
 */
import { builtin } from '../../../owner/runtime.ts';

/** A thread as the operating system knows it. Both 0 where it does not. */
export interface ThreadId {
  readonly tid: number;
  /** When it began, so that an id that is used again is told apart. */
  readonly started: number;
}

const NOBODY: ThreadId = { tid: 0, started: 0 };
/** Place of the time of start among the fields behind the name of the thread. */
const STARTED_FIELD = 19;
/** What the system says of a thread that is not there. */
const GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ESRCH']);

/** The thread that runs this. */
export function thisThread(): ThreadId {
  try {
    const link = builtin('node:fs')?.readlinkSync?.('/proc/thread-self');
    const tid = Number(link?.split('/').at(-1) ?? 0);
    const started = tid > 0 ? startedAt(tid) : null;
    return typeof started === 'number' ? { tid, started } : NOBODY;
  } catch {
    return NOBODY;
  }
}

/** False if the thread has ended for certain; `null` where that is not known, such as where no more files can be opened. */
export function isAlive({ tid, started }: ThreadId): boolean | null {
  const found = tid === 0 ? undefined : startedAt(tid);
  return found === undefined ? null : found === started;
}

/** Milliseconds of processor time that the thread had; `null` where that is not known. */
export function processorTime({ tid }: ThreadId): number | null {
  const nanoseconds = tid === 0 ? Number.NaN : Number.parseFloat(read(tid, 'schedstat') ?? '');
  return Number.isNaN(nanoseconds) ? null : nanoseconds / 1e6;
}

/** Cut to 32 bits: it has to fit a word. `null` where there is no such thread, `undefined` where that is not known. */
function startedAt(tid: number): number | null | undefined {
  const stat = read(tid, 'stat');
  if (typeof stat !== 'string') {
    return stat;
  }
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[STARTED_FIELD];
  return started === undefined ? undefined : Number(started) | 0;
}

/** `null` where there is no such thread, `undefined` where it cannot be read. */
function read(tid: number, file: string): string | null | undefined {
  try {
    return builtin('node:fs')?.readFileSync?.(`/proc/self/task/${tid}/${file}`, 'latin1');
  } catch (error) {
    return GONE.has((error as { code?: unknown }).code) ? null : undefined;
  }
}

interface Scope {
  readonly name?: unknown;
  readonly document?: unknown;
}

/** What people call the thread that runs this; its number in Node, plus one, 0 elsewhere. */
export function describeThread(slot: number): { readonly name: string; readonly thread: number } {
  const workers = builtin('node:worker_threads') as
    | { isMainThread?: boolean; threadId?: number; threadName?: string }
    | undefined;
  if (workers?.threadId !== undefined) {
    const { isMainThread, threadId, threadName } = workers;
    const plain = isMainThread === true ? 'main' : `worker ${threadId}`;
    const isNamed = typeof threadName === 'string' && threadName !== '' && threadName !== 'WorkerThread';
    return { name: isNamed ? `${plain} (${threadName})` : plain, thread: threadId + 1 };
  }
  const { name, document } = globalThis as Scope;
  if (document !== undefined) {
    return { name: 'page', thread: 0 };
  }
  return { name: typeof name === 'string' && name !== '' ? `worker ${slot} (${name})` : `worker ${slot}`, thread: 0 };
}

/** How findings name the process and thread, such as `4242` or `4242/1`. */
export function processLabel(slot: number): string {
  const { thread } = describeThread(slot);
  return thread > 0 ? [processId(), ...(thread > 1 ? [thread - 1] : [])].join('/') : `thread ${slot}`;
}

let canBlock: boolean | undefined;

/** True where this thread may block: not so on the main thread of a browser. It is tried once. */
export function mayBlock(): boolean {
  if (canBlock === undefined) {
    try {
      // Returns at once: the word is not what it is compared with.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
      canBlock = true;
    } catch {
      canBlock = false;
    }
  }
  return canBlock;
}

/** Process id; 0 where there is none. */
export function processId(): number {
  const { process } = globalThis as { process?: { pid?: number } };
  return process?.pid ?? 0;
}
