/**
 * A condition of what a mutex protects: its holder gives the mutex back while it waits for somebody to say that the
 * condition may have changed, and has it again when the wait is over, however it ended.
 *
 * A notified waiter moves from the queue of the condition to that of the mutex, behind those who wait there already. For
 * the checker it asks for the mutex when it begins to wait, as the flow that it is, and not when it is notified. That last
 * wait for the mutex has no end but the mutex itself: neither timeout nor signal nor checker takes it away, since whoever
 * waits goes on as the holder.
 */

import { shown } from '../shown.ts';
import { AsyncLock } from './async-lock.ts';
import type { Candidate } from './candidate.ts';
import { Deadline } from './deadline.ts';
import type { FairLock } from './fair-lock.ts';
import { type Guard, Holding } from './guard.ts';
import { Mutex } from './mutex.ts';
import { checkCount, checkFunction, checkLockOptions, checkWait, type WaitOptions } from './wait-options.ts';
import { WaitQueue } from './wait-queue.ts';
import { Waiter } from './waiter.ts';
import type { Claim } from './witness.ts';

export class Condition {
  readonly name: string;
  readonly #lock: FairLock;
  readonly #queue = new WaitQueue<ConditionWaiter>();

  /** @throws TypeError for a wrong mutex or name */
  constructor(mutex: Mutex, name = 'condition') {
    const lock = mutex instanceof Mutex ? AsyncLock.partsOf(mutex)?.lock : undefined;
    if (lock === undefined) {
      throw new TypeError(`mutex: expected a Mutex, got ${shown(mutex)}`);
    }
    checkLockOptions(name, {});
    this.name = name;
    this.#lock = lock;
  }

  /** How many wait to be notified. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Gives the mutex back, waits to be notified, and takes it again; the same guard holds it then. So it does where this
   * rejects with a LockTimeoutError, or with the reason of the signal: the timeout is for the notification, and the mutex
   * can take longer. Rejects at once, with the mutex held on, with a TypeError for a guard that is not one of the mutex, an
   * Error for one that is released, and a LockdepError under the `throw` policy; the checker counts the mutex as released
   * in the last case.
   */
  wait(guard: Guard, options: WaitOptions = {}): Promise<void> {
    try {
      checkWait(options);
      const held = this.#heldBy(guard);
      const waiter = new ConditionWaiter(this.#lock, held, this.#reclaim(held, options));
      const { claim, promise } = waiter;
      void claim?.mark(promise);
      // In the queue first: nobody who gets the mutex now can notify too early.
      this.#queue.add(waiter);
      waiter.yield();
      waiter.arm(options, this.name);
      return promise;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Waits until the predicate holds. It is called with the mutex held, at first before any wait; the timeout is for all
   * waits together. Rejects like `wait`, and with what the predicate throws; the guard holds the mutex then too.
   */
  async waitUntil(guard: Guard, predicate: () => boolean, options: WaitOptions = {}): Promise<void> {
    checkFunction('predicate', predicate);
    checkWait(options);
    this.#heldBy(guard);
    const deadline = new Deadline(options);
    while (!predicate()) {
      try {
        await this.wait(guard, deadline.options);
      } catch (error) {
        throw deadline.errorOf(error);
      }
    }
  }

  /**
   * Wakes those who have waited longest, `count` of them.
   * @throws TypeError if that is no whole number above 0
   */
  notify(count = 1): void {
    checkCount('count', count);
    for (let left = Math.min(count, this.#queue.size); left > 0; left--) {
      this.#queue.shift()?.wake();
    }
  }

  /** Wakes all who wait. */
  notifyAll(): void {
    for (const waiter of this.#queue.drain()) {
      waiter.wake();
    }
  }

  #heldBy(guard: unknown): Holding {
    if (!(guard instanceof Holding) || guard.source !== this.#lock) {
      throw new TypeError(`guard: expected the guard of '${this.#lock.name}', got ${shown(guard)}`);
    }
    if (guard.isReleased) {
      throw new Error(`condition '${this.name}': the guard of '${this.#lock.name}' is released`);
    }
    return guard;
  }

  /** For the checker it is given back and asked for again. The mutex itself is still held. */
  #reclaim(held: Holding, options: WaitOptions): Claim | null {
    const { claim } = held;
    try {
      claim?.released();
      return this.#lock.askAgain(this.wait, options);
    } catch (error) {
      held.regain(null);
      throw error;
    }
  }
}

/** Somebody who waits for the condition first, and then for the mutex. */
class ConditionWaiter extends Waiter<void> implements Candidate {
  readonly units = 1;
  readonly from = null;
  readonly isRefusable = false;
  readonly #lock: FairLock;
  readonly #held: Holding;
  #failure: { readonly reason: unknown } | null = null;

  constructor(lock: FairLock, held: Holding, claim: Claim | null) {
    super(claim);
    this.#lock = lock;
    this.#held = held;
  }

  /** Gives the mutex back. */
  yield(): void {
    this.#held.pass();
    this.#lock.give(this.units);
  }

  /** It is out of the queue of the condition. */
  wake(): void {
    this.disarm();
    this.#lock.admit(this);
  }

  /** It has the mutex again. */
  admit(): void {
    this.#held.regain(this.claim);
    this.claim?.attach(this.#held);
    if (this.#failure === null) {
      this.succeed();
    } else {
      this.fail(this.#failure.reason);
    }
  }

  protected override left(reason: unknown): void {
    this.#failure = { reason };
    this.wake();
  }
}
