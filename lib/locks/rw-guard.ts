/**
 * The guards of a read-write lock. What is held can change between the two in place, and is then held by another guard; the
 * one before counts as released.
 */
import type { Access, FairLock } from './fair-lock.ts';
import { type Guard, Holding } from './guard.ts';
import type { WaitOptions } from './wait-options.ts';
import type { Claim } from './witness.ts';

/** The units of a read-write lock: a reader takes one, and the writer all. */
export const ALL_READERS: number = Number.MAX_SAFE_INTEGER;

/** Holds a read-write lock together with other readers. */
export interface ReadGuard extends Guard {
  /**
   * Becomes the writer when all other readers are gone, before all writers that wait. One reader at a time: a second one
   * would wait for the first for ever, so it is rejected at once with an Error. Whoever is rejected, for whatever reason,
   * keeps its read lock. A release of this guard meanwhile takes the request back.
   */
  upgrade(options?: WaitOptions): Promise<WriteGuard>;
}

/** Holds a read-write lock alone. */
export interface WriteGuard extends Guard {
  /**
   * Becomes a reader, and lets in the readers who are next.
   * @throws Error if the guard is released
   */
  downgrade(): ReadGuard;
}

export class ReadHolding extends Holding implements ReadGuard {
  readonly #lock: FairLock;

  constructor(lock: FairLock, units: number, claim: Claim | null) {
    super(lock, units, claim);
    this.#lock = lock;
  }

  upgrade(options?: WaitOptions): Promise<WriteGuard> {
    const refusal = this.#refusal();
    return refusal === null ? this.#lock.acquire(this.#upgraded(), options) : Promise.reject(refusal);
  }

  override end(evidence?: unknown): void {
    const { upgrading } = this.#lock;
    if (upgrading?.from === this) {
      upgrading.withdraw(new Error(`upgrade of '${this.#lock.name}': its read guard was released meanwhile`));
    }
    super.end(evidence);
  }

  #refusal(): Error | null {
    if (this.isReleased) {
      return new Error(`upgrade of '${this.#lock.name}': the guard was released before`);
    }
    return this.#lock.upgrading === null
      ? null
      : new Error(`upgrade of '${this.#lock.name}': another reader waits for it already; release this one and write()`);
  }

  #upgraded(): Access<WriteHolding> {
    return {
      units: ALL_READERS - this.units,
      mode: 'exclusive',
      caller: this.upgrade,
      handsOut: true,
      from: this,
      guard: (lock, _, claim) => {
        this.pass();
        return new WriteHolding(lock, ALL_READERS, claim);
      },
    };
  }
}

export class WriteHolding extends Holding implements WriteGuard {
  readonly #lock: FairLock;

  constructor(lock: FairLock, units: number, claim: Claim | null) {
    super(lock, units, claim);
    this.#lock = lock;
  }

  downgrade(): ReadGuard {
    if (this.isReleased) {
      throw new Error(`downgrade of '${this.#lock.name}': the guard was released before`);
    }
    const { claim } = this;
    this.pass();
    const reader = new ReadHolding(this.#lock, 1, claim);
    claim?.downgraded();
    claim?.attach(reader);
    this.#lock.give(ALL_READERS - 1);
    return reader;
  }
}
