/**
 * A lock over shared memory that one thread holds at a time, as programs use it.
 */
import type { Owner } from '../../../owner.ts';
import { shown } from '../../../shown.ts';
import { OwnerDiedError } from '../errors.ts';
import { HeldByOne } from './held-by-one.ts';
import { ownerIn } from './owner-in.ts';
import type { LockingOptions } from './shared-lock.ts';
import { type Asking, askingOf } from './thread-witness.ts';

const PLAIN: LockingOptions = {};

export abstract class ExclusiveLock extends HeldByOne {
  readonly #asksToLock: Asking = askingOf(this.lock);
  readonly #asksToUnlock: Asking = askingOf(this.unlock);

  /**
   * Takes the lock, and waits for it.
   * @throws RecursiveLockError if this thread holds it
   * @throws OwnerDiedError if the thread that held it has ended
   * @throws DeadlockError if threads wait for each other, and this wait is to end
   * @throws LockdepError under the `throw` policy
   */
  lock(options: LockingOptions = PLAIN): void {
    this.acquire(this.ownerOf(options), this.#asksToLock);
  }

  /** Takes the lock if it is free. @returns whether it was @throws LockdepError under the `throw` policy */
  tryLock(options: LockingOptions = PLAIN): boolean {
    return this.tryAcquire(this.ownerOf(options), this.tryLock);
  }

  /** Gives the lock back. @throws NotHolderError if this thread, or this owner, does not hold it: it stays as it was */
  unlock(options: LockingOptions = PLAIN): void {
    this.release(this.ownerOf(options), this.#asksToUnlock);
  }

  /** True if the running owner of this thread holds it. */
  held(options: LockingOptions = PLAIN): boolean {
    return this.isHeldBy(this.ownerOf(options));
  }

  /**
   * Runs synchronous work under the lock.
   * @returns what it returns
   * @throws TypeError if it returns a promise: the lock is given back before that is settled
   */
  run<Result>(work: () => Result, options: LockingOptions = PLAIN): Result {
    if (typeof work !== 'function') {
      throw new TypeError(`work: expected a function, got ${shown(work)}`);
    }
    const owner = this.ownerOf(options);
    this.acquire(owner, askingOf(this.run));
    let result: Result;
    try {
      result = work();
    } finally {
      this.release(owner, askingOf(this.run));
    }
    if (typeof (result as { then?: unknown } | null)?.then === 'function') {
      throw new TypeError(`work: ${this.name} is held for synchronous work only, and this returned a promise`);
    }
    return result;
  }

  /**
   * Takes the lock, also from a thread that ended with it. What it protects may then be half-written.
   * @returns true where it was taken over from a thread that has ended
   */
  recover(options: LockingOptions = PLAIN): boolean {
    const owner = this.ownerOf(options);
    for (;;) {
      const dead = this.holderSlot();
      if (dead !== 0 && this.space.threads.isDead(dead)) {
        if (this.inherit(dead, owner, askingOf(this.recover))) {
          return true;
        }
      } else {
        try {
          this.acquire(owner, askingOf(this.recover));
          return false;
        } catch (error) {
          if (!(error instanceof OwnerDiedError)) {
            throw error;
          }
        }
      }
    }
  }

  /** Fails with `assert-held` unless the running owner holds it. */
  assertHeld(options: LockingOptions = PLAIN): void {
    if (this.instance !== null) {
      this.ownerOf(options)?.assertHeld(this.instance, undefined, this.assertHeld);
    }
  }

  /** Fails with `assert-not-held` if the running owner holds it. */
  assertNotHeld(options: LockingOptions = PLAIN): void {
    if (this.instance !== null) {
      this.ownerOf(options)?.assertNotHeld(this.instance, this.assertNotHeld);
    }
  }

  /** Who takes it in the eyes of the checker; `null` where nothing is checked. */
  protected ownerOf(options: LockingOptions = PLAIN): Owner | null {
    const { witness } = this;
    // The plain call has nothing that could be wrong.
    return options === PLAIN ? (witness?.owner ?? null) : ownerIn(witness, options);
  }
}
