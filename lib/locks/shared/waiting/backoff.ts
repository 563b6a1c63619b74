/**
 * Bounded exponential back-off: how a waiter passes the time without leaving the processor. Each round is about twice as long as
 * the one before, up to a bound, so that waiters do not hammer the word that the holder has to write.
 */

const MOST_PAUSES = 512;

interface PausingAtomics {
  /** Tells the processor that a loop only waits: 2025 and later. */
  pause?(iterations?: number): void;
}

const { pause } = Atomics as PausingAtomics;

let sink = 0;

/** Spins for the round with this number, from 1. @returns how many iterations that were */
export function pauseFor(round: number): number {
  const times = round < 10 ? 1 << (round - 1) : MOST_PAUSES;
  if (pause !== undefined) {
    for (let at = 0; at < times; at++) {
      pause();
    }
    return times;
  }
  for (let at = 0; at < times; at++) {
    // Something that is not optimised away.
    sink = (sink + at) | 0;
  }
  return times;
}
