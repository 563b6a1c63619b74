/**
 * How the end of a thread is made known where the operating system does not tell: whoever started a worker hears of its end. A thread
 * never says so of itself, for what it runs last may still take locks.
 */
import { builtin } from '../../../owner/runtime.ts';
import type { Threads } from './threads.ts';

interface Startable {
  readonly threadId: number;
  once(event: 'exit', listener: () => void): void;
}

/** From now on ends of workers that this thread starts are told. */
export function watchDeaths(threads: Threads): void {
  builtin('node:diagnostics_channel')?.subscribe?.('worker_threads', (message) => {
    const { worker } = message as { worker: Startable };
    // The number is gone when the worker is.
    const { threadId } = worker;
    worker.once('exit', () => threads.endThread(threadId));
  });
}
