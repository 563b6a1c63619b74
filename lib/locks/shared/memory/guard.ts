/**
 * A word that keeps threads apart for a few instructions: who is in stands in it, so that one who died inside is replaced. What
 * stands behind it must be right after each single store.
 */
import { pauseFor } from '../waiting/backoff.ts';
import { mayBlock } from './platform.ts';

/** What a guard has to know of the threads. */
export interface Slots {
  /** The slot of this thread. */
  readonly own: number;
  /** True if that thread has ended. May ask the operating system. */
  isDead(slot: number): boolean;
  /** One word more names this thread, or one less: so long its slot is given to nobody else. */
  owe?(words: 1 | -1): void;
  /** A word names a thread that has ended no more. */
  forgive?(slot: number): void;
}

/** Rounds of about 10 µs. From then on whoever is inside does not run, and is given the processor. */
const ROUNDS_BEFORE_SLEEP = 16;
const SLEEP_MS = 1;
/** Where nothing may sleep, so many rounds pass before the next look. */
const LOOK_EVERY = 64;

/** Waits until this thread is in. */
export function enterGuard(words: Int32Array, at: number, slots: Slots): void {
  slots.owe?.(1);
  for (let round = 1; Atomics.compareExchange(words, at, 0, slots.own) !== 0; round++) {
    const isAsleep = round > ROUNDS_BEFORE_SLEEP && mayBlock();
    const inside = Atomics.load(words, at);
    if (isAsleep) {
      Atomics.wait(words, at, inside, SLEEP_MS);
    } else {
      pauseFor(round);
    }
    const isToLook = isAsleep || round % LOOK_EVERY === 0;
    if (isToLook && inside !== 0 && slots.isDead(inside) && Atomics.compareExchange(words, at, inside, 0) === inside) {
      forgive(slots, inside);
    }
  }
}

/** True if this thread is in now; it does not wait. */
export function tryGuard(words: Int32Array, at: number, slots: Slots): boolean {
  slots.owe?.(1);
  const inside = Atomics.compareExchange(words, at, 0, slots.own);
  if (inside === 0) {
    return true;
  }
  if (slots.isDead(inside) && Atomics.compareExchange(words, at, inside, slots.own) === inside) {
    forgive(slots, inside);
    return true;
  }
  slots.owe?.(-1);
  return false;
}

export function leaveGuard(words: Int32Array, at: number, slots: Slots): void {
  Atomics.store(words, at, 0);
  slots.owe?.(-1);
}

// Nobody else owed it, where there are no debts.
function forgive(slots: Slots, dead: number): void {
  if (slots.owe !== undefined) {
    slots.forgive?.(dead);
  }
}
