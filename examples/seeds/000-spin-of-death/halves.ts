/**
 * What the threads of this example have in common: words that all of them see, and the value that is slow to make.
 */
import type { SharedLockHandle } from '../../../lib/index.ts';

/** Who initialises: the first thread of low priority, then the others of high priority. */
export interface Role {
  readonly name: string;
  readonly handles: { readonly spin: SharedLockHandle; readonly once: SharedLockHandle };
  readonly words: Int32Array;
  /** How many threads of high priority there are. */
  readonly urgent: number;
  readonly isUrgent: boolean;
  /** Declared to the checker, the greater the more urgent. */
  readonly priority: number;
  /** Asked of the system: niceness, the greater the less urgent. */
  readonly nice: number;
}

/** What a thread says. */
export interface Said {
  readonly name: string;
  readonly half: HalfName | 'ready';
  /** What the checker of the thread found in this half. */
  readonly found: readonly string[];
  readonly report: string;
  /** Why the system has not taken the niceness; `null` where it has. */
  readonly refusal: string | null;
}

export const HALVES = ['spin', 'once'] as const;
export type HalfName = (typeof HALVES)[number];

/** The words of a half: `INSIDE` once the first thread initialises, how many others have come, how often was initialised, the value. */
export const Word = { STARTED: 0, INSIDE: 1, ARRIVED: 2, MADE: 3, VALUE: 4, WORDS: 5 } as const;

/** Where the words of a half begin. */
export function wordsOf(half: HalfName): number {
  return HALVES.indexOf(half) * Word.WORDS;
}

const BELOW = 200_000;

/** Work for the processor of some 20 ms: how many primes there are below a number. Never 0, which stands for "not made". */
export function slowValue(): number {
  let primes = 0;
  for (let number = 2; number < BELOW; number++) {
    primes += isPrime(number) ? 1 : 0;
  }
  return primes;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) {
      return false;
    }
  }
  return true;
}
