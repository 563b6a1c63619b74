/**
 * The words of a lock that several threads hold at a time. What each thread holds, and what it waits for, stands in words of its own, and
 * what is free is what they leave over: so there is nothing that a thread that ends could leave half-done. Changes are made behind a
 * guard that outlives who is in it; each becomes true by one store.
 */
import { enterGuard, leaveGuard } from './guard.ts';
import { MOST_THREADS, Row } from './layout.ts';
import type { Space } from './space.ts';

const GUARD = 0;
const NEXT_NUMBER = 1;
const HEAD_WORDS = 2;
const SLOTS = MOST_THREADS + 1;
/** No thread has this slot: what stands there was taken by nobody. */
export const NOBODY = 0;

/** What each thread has in the lock, each an array over the slots. */
export const Field = {
  /** 1 where the words of the lock name the thread. */
  JOINED: 0,
  /** Units that it holds. */
  UNITS: 1,
  /** Units that it waits for; below 0 where it was called. */
  WANTS: 2,
  /** Its number in the queue. */
  NUMBER: 3,
  /** Since when it waits, and when it was called, on the clock of `epochMs`. */
  SINCE: 4,
  CALLED: 5,
} as const;

/** Words that it takes. */
export const UNITS_WORDS: number = HEAD_WORDS + 6 * SLOTS;

export interface UnitsRules {
  readonly capacity: number;
  /** Whether requests for more units go before those for fewer, whoever came first. */
  readonly prefersBig: boolean;
}

export class UnitsWords {
  readonly space: Space;
  readonly words: Int32Array;
  readonly #start: number;
  readonly #own: number;

  /** @param start where they begin */
  constructor(words: Int32Array, { space, start }: { readonly space: Space; readonly start: number }) {
    this.words = words;
    this.space = space;
    this.#start = start;
    this.#own = space.threads.own;
  }

  /** Does something while no other thread changes them. */
  inside<Result>(work: () => Result): Result {
    const { words, space } = this;
    enterGuard(words, this.#start + GUARD, space.threads);
    try {
      return work();
    } finally {
      leaveGuard(words, this.#start + GUARD, space.threads);
    }
  }

  get(field: number, slot: number): number {
    return Atomics.load(this.words, this.at(field, slot));
  }

  set(field: number, slot: number, value: number): void {
    Atomics.store(this.words, this.at(field, slot), value);
  }

  at(field: number, slot: number): number {
    return this.#start + HEAD_WORDS + field * SLOTS + slot;
  }

  /** Those for whom the field is not 0. */
  slots(field: number): number[] {
    const { highest } = this.space.threads;
    const slots: number[] = [];
    for (let slot = 1; slot <= highest; slot++) {
      if (this.get(field, slot) !== 0) {
        slots.push(slot);
      }
    }
    return slots;
  }

  /** Units that all threads hold. */
  get taken(): number {
    const { highest } = this.space.threads;
    let taken = 0;
    for (let slot = NOBODY; slot <= highest; slot++) {
      taken += this.get(Field.UNITS, slot);
    }
    return taken;
  }

  takeAway(slot: number, units: number): void {
    this.set(Field.UNITS, slot, this.get(Field.UNITS, slot) - units);
  }

  /** The same from whoever has some. */
  takeAwayAnywhere(units: number): void {
    let left = units;
    for (const slot of left > 0 ? [NOBODY, ...this.slots(Field.UNITS)] : []) {
      const taken = Math.min(left, this.get(Field.UNITS, slot));
      this.takeAway(slot, taken);
      left -= taken;
    }
  }

  newNumber(): number {
    return Atomics.add(this.words, this.#start + NEXT_NUMBER, 1);
  }

  /** From here on the lock may name this thread. */
  join(): void {
    if (this.get(Field.JOINED, this.#own) === 0) {
      const { words, row } = this.space.threads;
      (words[row + Row.DEBT] as number)++;
      this.set(Field.JOINED, this.#own, 1);
    }
  }

  /** Names this thread no more, if it has nothing and wants nothing. */
  leave(): void {
    const own = this.#own;
    const isNamed = this.get(Field.UNITS, own) !== 0 || this.get(Field.WANTS, own) !== 0;
    if (!isNamed && this.get(Field.JOINED, own) === 1) {
      const { words, row } = this.space.threads;
      this.set(Field.JOINED, own, 0);
      (words[row + Row.DEBT] as number)--;
    }
  }

  /** Names a thread no more that has ended. False where somebody else was first. */
  bury(dead: number): boolean {
    if (this.get(Field.JOINED, dead) === 0 || !this.space.threads.isKnownDead(dead)) {
      return false;
    }
    this.set(Field.UNITS, dead, 0);
    this.set(Field.WANTS, dead, 0);
    this.set(Field.JOINED, dead, 0);
    this.space.threads.forgive(dead);
    return true;
  }
}

/** Numbers begin again after 2 ** 32 of them. */
export function isEarlier(one: number, other: number): boolean {
  return ((one - other) | 0) < 0;
}
