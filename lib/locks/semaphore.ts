/**
 * A counting semaphore: so many units, strictly first come first served. A big request at the head of the queue is not
 * overtaken by small ones that could be met, so it does not starve.
 */
import { checkObject } from '../options.ts';
import { AsyncLock } from './async-lock.ts';
import { type Access, FairLock } from './fair-lock.ts';
import { type Guard, Holding } from './guard.ts';
import {
  type AsyncLockOptions,
  checkCount,
  checkLockOptions,
  type TryOptions,
  type WaitOptions,
} from './wait-options.ts';

export interface SemaphoreOptions extends AsyncLockOptions {
  /** Units there are in all: a whole number above 0, or Infinity. @default 1 */
  readonly capacity?: number | undefined;
}

interface Units {
  /** Units to take: a whole number from 1 to the capacity. @default 1 */
  readonly units?: number | undefined;
}

export interface SemaphoreTryOptions extends TryOptions, Units {}
export interface SemaphoreWaitOptions extends WaitOptions, Units {}

export class Semaphore extends AsyncLock {
  readonly #lock: FairLock;

  /**
   * @param name of its class: semaphores of one name obey the same rules. Default: the place where it is made
   * @throws TypeError for a wrong name or option
   */
  constructor(name?: string, options: SemaphoreOptions = {}) {
    checkLockOptions(name, options);
    const { capacity = 1 } = options;
    if (capacity !== Number.POSITIVE_INFINITY) {
      checkCount('capacity', capacity);
    }
    const lock = new FairLock(name, options, { kind: 'semaphore', capacity, below: Semaphore });
    super(lock, RUN);
    this.#lock = lock;
  }

  /** Units there are in all. */
  get capacity(): number {
    return this.#lock.capacity;
  }

  /** Units that nobody holds. While somebody waits they are kept for the first in the queue. */
  get available(): number {
    return this.#lock.free;
  }

  /** Takes units, at once where they are free and nobody waits. Rejects like `acquire` of a mutex. */
  acquire(options?: SemaphoreWaitOptions): Promise<Guard> {
    try {
      return this.#lock.acquire(this.#of(ACQUIRE, options), options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Takes units if they are free and nobody waits, else gives `null`.
   * @throws TypeError for a wrong option
   * @throws LockdepError under the `throw` policy: nothing was taken
   */
  tryAcquire(options?: SemaphoreTryOptions): Guard | null {
    return this.#lock.tryAcquire(this.#of(TRY, options), options);
  }

  /** Runs `fn` while the units are held, as `run` of a mutex does. */
  run<R>(fn: () => R | PromiseLike<R>, options?: SemaphoreWaitOptions): Promise<R> {
    try {
      return this.#lock.run(this.#of(RUN, options), fn, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #of(access: Access, options: Units = {}): Access {
    checkObject('options', options);
    const { units = 1 } = options;
    if (units === 1) {
      return access;
    }
    checkCount('units', units, { most: this.capacity });
    return { ...access, units };
  }
}

const ONE = {
  units: 1,
  mode: 'exclusive',
  guard: (lock: FairLock, units: number, claim: Holding['claim']) => new Holding(lock, units, claim),
} as const;

const ACQUIRE: Access = { ...ONE, caller: Semaphore.prototype.acquire, handsOut: true };
const TRY: Access = { ...ONE, caller: Semaphore.prototype.tryAcquire, handsOut: true };
const RUN: Access = { ...ONE, caller: Semaphore.prototype.run, handsOut: false };
