/**
 * Those who stand in the queue of a lock.
 */
import type { Holding } from './guard.ts';
import type { Link } from './wait-queue.ts';
import { Waiter } from './waiter.ts';
import type { Claim } from './witness.ts';

/** Somebody in the queue of a lock. */
export interface Candidate extends Link {
  readonly units: number;
  readonly claim: Claim | null;
  /** The guard that it wants to upgrade. */
  readonly from: Holding | null;
  /** False for one that goes on with the lock in any case. */
  readonly isRefusable: boolean;
  /** It has its units. */
  admit(): void;
  /** Ends the wait, if it is not over. */
  giveUp(reason: unknown): void;
  /** Ends the wait, if it is not over, because the program wants it so. */
  withdraw(reason: unknown): void;
}

/** What somebody waits for, and what the lock does when the wait is over. */
export interface Wanted<Held extends Holding> {
  readonly units: number;
  readonly claim: Claim | null;
  readonly from: Holding | null;
  /** The guard that it gets. */
  guard(): Held;
  /** It is gone, and whoever is behind it may go on. */
  serve(): void;
}

/** Somebody who waits for a guard. */
export class LockWaiter<Held extends Holding> extends Waiter<Held> implements Candidate {
  readonly isRefusable = true;
  readonly #wanted: Wanted<Held>;

  constructor(wanted: Wanted<Held>) {
    super(wanted.claim);
    this.#wanted = wanted;
  }

  get units(): number {
    return this.#wanted.units;
  }

  get from(): Holding | null {
    return this.#wanted.from;
  }

  admit(): void {
    this.succeed(this.#wanted.guard());
  }

  protected override left(reason: unknown, how: 'gaveUp' | 'withdrawn'): void {
    super.left(reason, how);
    this.#wanted.serve();
  }
}
