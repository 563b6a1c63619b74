/**
 * A condition of what a `ParkingMutex` protects: its holder gives the mutex back while it sleeps until somebody says that the condition
 * may have changed, and has it again when the wait is over, however it ended.
 *
 * No wake-up is lost: the number of notifications is read before the mutex is given back, and who finds another number does not
 * sleep. For the same reason a wait may end though nobody notified it, at the latest when a sleeper looks at the number, so that a thread that
 * ends while it is woken takes no wake-up with it. So what is waited for is to be tested again: `waitFor` does that.
 */
import { SLEEP_RULES } from '../../rules/index.ts';
import { sleepLimit } from '../../rules/sleep-while-held.ts';
import { shown } from '../../shown.ts';
import { stopwatch } from '../../state/profile.ts';
import { captureSite } from '../../state/site.ts';
import { LockTimeoutError } from '../errors.ts';
import { checkFunction } from '../wait-options.ts';
import { ownerIn } from './base/owner-in.ts';
import { type RebuildOptions, rebuild, SharedLock, type SharedLockOptions } from './base/shared-lock.ts';
import { askingOf } from './base/thread-witness.ts';
import { CannotBlockError } from './errors.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { LOCK_HEAD_WORDS } from './memory/layout.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { mayBlock } from './memory/platform.ts';
import { ParkingMutex } from './parking-mutex.ts';
import { type TimedLockingOptions, timeoutOf, UNTIMED } from './waiting/timed.ts';

const TYPE: LockType = { code: 11, name: 'SharedCondition', words: 1 };
/** How often it was notified. */
const NOTIFIED = LOCK_HEAD_WORDS;
/** Milliseconds after which a sleeper looks whether a notification went past it. */
const LONGEST_SLEEP_MS = 64;

export class SharedCondition extends SharedLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);

  /** @param name of the condition; by default the place where it is made */
  constructor(name?: string, options: SharedLockOptions = {}) {
    super(name, options, { type: TYPE, kind: 'map', below: new.target });
  }

  /** The condition that was posted here. @throws TypeError if it is no handle of a SharedCondition, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): SharedCondition {
    return rebuild(SharedCondition, TYPE, { handle, options });
  }

  /** Nobody holds a condition. */
  holders(): readonly number[] {
    return [];
  }

  /**
   * Gives the mutex back, sleeps until it is notified, and takes the mutex again. It may return without a notification.
   * @throws LockTimeoutError if its time is over; the mutex is held again then
   * @throws NotHolderError unless the owner holds the mutex
   * @throws TypeError for what is no `ParkingMutex`
   * @throws CannotBlockError on a thread that must not block
   * @throws OwnerDiedError if the thread that took the mutex meanwhile has ended; it is not held then
   * @throws LockdepError under the `throw` policy
   */
  wait(mutex: ParkingMutex, options: TimedLockingOptions = UNTIMED): void {
    this.#wait(mutex, options, this.wait);
  }

  /**
   * Waits until the predicate holds. It is called with the mutex held, at first before any wait; the timeout is for all waits together.
   * @throws what `wait` throws, and what the predicate throws; the mutex is held then too
   */
  waitFor(mutex: ParkingMutex, predicate: () => boolean, options: TimedLockingOptions = UNTIMED): void {
    checkFunction('predicate', predicate);
    checkMutex(mutex);
    const timeout = timeoutOf(options);
    const since = stopwatch();
    while (!predicate()) {
      const left = timeout === undefined ? options : { ...options, timeout: leftOf(timeout, since) };
      try {
        this.#wait(mutex, left, this.waitFor);
      } catch (error) {
        throw error instanceof LockTimeoutError ? new LockTimeoutError(this.name, timeout ?? 0) : error;
      }
    }
  }

  /** Wakes one of those who wait. Best called by the holder of the mutex. */
  notifyOne(): void {
    Atomics.add(this.words, NOTIFIED, 1);
    Atomics.notify(this.words, NOTIFIED, 1);
  }

  /** Wakes all who wait. */
  notifyAll(): void {
    Atomics.add(this.words, NOTIFIED, 1);
    Atomics.notify(this.words, NOTIFIED);
  }

  #wait(mutex: ParkingMutex, options: TimedLockingOptions, caller: (...args: never) => unknown): void {
    checkMutex(mutex);
    const timeout = timeoutOf(options);
    if (!mayBlock()) {
      throw new CannotBlockError(
        `${this.name}: this thread must not block: it is the main thread of a browser; wait in a worker`,
      );
    }
    const seen = Atomics.load(this.words, NOTIFIED);
    let isNotified = false;
    const sleep = (): void => {
      this.#judgeSleep(options, caller);
      isNotified = this.#sleep(seen, timeout);
    };
    mutex.without(sleep, { options, asking: askingOf(caller) });
    if (!isNotified) {
      throw new LockTimeoutError(this.name, timeout ?? 0);
    }
  }

  /** @returns false where its time was over */
  #sleep(seen: number, timeout = Number.POSITIVE_INFINITY): boolean {
    const { words } = this;
    const end = stopwatch() + timeout;
    while (Atomics.load(words, NOTIFIED) === seen) {
      const left = end - stopwatch();
      if (left <= 0) {
        return false;
      }
      Atomics.wait(words, NOTIFIED, seen, Math.min(left, LONGEST_SLEEP_MS));
    }
    return true;
  }

  /** Whoever sleeps must hold no lock that others spin for. The mutex is given back already. */
  #judgeSleep(options: TimedLockingOptions, caller: unknown): void {
    const owner = ownerIn(this.witness, options);
    const lockdep = this.witness?.lockdep;
    if (owner === null || lockdep === undefined) {
      return;
    }
    const held = owner.entries();
    const { situation } = owner.chain;
    const event = { owner, held, situation, act: 'waited', awaited: this.name, isStrict: false } as const;
    if (sleepLimit(lockdep.state, event) !== undefined) {
      lockdep.during(() => lockdep.judge(SLEEP_RULES, { ...event, site: captureSite(caller) }));
    }
  }
}

function leftOf(timeout: number, since: number): number {
  return Math.max(timeout - (stopwatch() - since), 0);
}

function checkMutex(mutex: unknown): asserts mutex is ParkingMutex {
  if (!(mutex instanceof ParkingMutex)) {
    throw new TypeError(`mutex: expected a ParkingMutex, got ${shown(mutex)}`);
  }
}
