/**
 * What the queues of locks have to know of threads, and how they pass the time: narrow, so that every order of their steps can be tried
 * without threads.
 */
import type { Slots } from './guard.ts';

export interface QueueThreads extends Slots {
  /** The words of the space, where the rows of the threads are. */
  readonly words: Int32Array;
  /** The highest slot that may be in use. */
  readonly highest: number;
  /** True if that thread is known to have ended. One load. */
  isKnownDead(slot: number): boolean;
  /** A lock names a thread that has ended no more. Once for each time that it did. */
  forgive(slot: number): void;
}

export interface Pausing {
  /** Passes a little time. @throws what ends the wait */
  spin(): void;
}

/** Rounds of a wait after which it is asked whether those who are ahead are still there. */
export const LOOK_EVERY = 64;
