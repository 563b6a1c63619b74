/**
 * A lock in one word: 0 where it is free, else the slot of the thread that has it, and one bit more where somebody may sleep for
 * it. Two ways to wait share it: to spin, and to spin a little and then sleep (U. Drepper, "Futexes Are Tricky", 2011, mutex2; the
 * slot of the holder stands where his 1 does).
 */
import { pauseFor } from '../waiting/backoff.ts';
import type { Wait } from '../waiting/wait.ts';

const SLOT = 0xffff;
/** Stands in the word where somebody may sleep for it. */
export const SLEEPERS = 0x1_0000;
const ROUNDS_BEFORE_SLEEP = 12;

/** Slot of the thread that has it; 0 where nobody does. */
export function holderIn(words: Int32Array, at: number): number {
  return Atomics.load(words, at) & SLOT;
}

/** Takes it if it is free. One atomic operation. */
export function tryWord(words: Int32Array, at: number, slot: number): boolean {
  return Atomics.compareExchange(words, at, 0, slot) === 0;
}

/** Takes it, and spins until then: test and test-and-set. @throws what a look around finds */
export function spinForWord(wait: Wait, at: number, slot: number): void {
  const { words } = wait.lock;
  unnamed(wait, () => {
    while (Atomics.load(words, at) !== 0 || !tryNamed(wait, at, slot)) {
      wait.spin();
    }
    return true;
  });
}

/**
 * The word does not name those who wait for it: one that ends in its wait must not keep its slot. So it owes the word nothing but for the
 * moments in which it may take it. Whoever calls owes it, before and after.
 * @param take true where the word was taken by `tryNamed`
 */
export function unnamed({ lock: { space } }: Wait, take: () => boolean): boolean {
  const { threads } = space;
  let isTaken = false;
  threads.owe(-1);
  try {
    isTaken = take();
  } finally {
    if (!isTaken) {
      threads.owe(1);
    }
  }
  return isTaken;
}

/** Takes it if it is free, and owes it then. */
export function tryNamed({ lock: { words, space } }: Wait, at: number, mine: number): boolean {
  space.threads.owe(1);
  const isTaken = Atomics.compareExchange(words, at, 0, mine) === 0;
  if (!isTaken) {
    space.threads.owe(-1);
  }
  return isTaken;
}

/** Takes it; spins a little, then sleeps. @returns false where the time of the wait is over @throws what a look around finds */
export function sleepForWord(wait: Wait, at: number, slot: number): boolean {
  return unnamed(wait, () => sleepUnnamed(wait, at, slot));
}

function sleepUnnamed(wait: Wait, at: number, slot: number): boolean {
  const { words } = wait.lock;
  for (let round = 1; round <= ROUNDS_BEFORE_SLEEP; round++) {
    if (Atomics.load(words, at) === 0 && tryNamed(wait, at, slot)) {
      return true;
    }
    wait.spins += pauseFor(round);
  }
  // Who has slept cannot know whether others still do.
  let mine = slot;
  for (;;) {
    const state = Atomics.load(words, at);
    if (state === 0) {
      if (tryNamed(wait, at, mine)) {
        return true;
      }
    } else if ((state & SLEEPERS) !== 0 || Atomics.compareExchange(words, at, state, state | SLEEPERS) === state) {
      if (wait.isOver) {
        return false;
      }
      mine = slot | SLEEPERS;
      wait.park(at, state | SLEEPERS);
    }
  }
}

/** Gives it back, and wakes one who sleeps for it. */
export function giveWord(words: Int32Array, at: number): void {
  if ((Atomics.exchange(words, at, 0) & SLEEPERS) !== 0) {
    Atomics.notify(words, at, 1);
  }
}

/** Takes it over from a thread that has ended. False where somebody else was first. */
export function takeOverWord(words: Int32Array, at: number, { from, to }: { from: number; to: number }): boolean {
  const state = Atomics.load(words, at);
  return (state & SLOT) === from && Atomics.compareExchange(words, at, state, (state & ~SLOT) | to) === state;
}
