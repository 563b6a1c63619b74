/**
 * A counting semaphore over threads. First come, first served, as far as it matters: what somebody waits for is kept for him while there is
 * not enough, so a big request is not overtaken by small ones. Who could go on and does not come for 50 ms, because the event loop of his
 * thread is busy or the thread has ended, is passed by until he comes. Of one thread, requests that block go before those of its async flows.
 *
 * Units may be given back by another thread than the one that took them; units of a thread that has ended are given back by whoever waits.
 */
import { checkObject } from '../../options.ts';
import { LockTimeoutError } from '../errors.ts';
import type { Guard } from '../guard.ts';
import { checkCount, type WaitOptions } from '../wait-options.ts';
import type { AsyncHow } from './base/async-request.ts';
import { ownerIn } from './base/owner-in.ts';
import { type LockingOptions, type RebuildOptions, rebuild, type SharedLockOptions } from './base/shared-lock.ts';
import type { Asking } from './base/thread-witness.ts';
import { type UnitsAsk, UnitsLock } from './base/units-lock.ts';
import { NotHolderError } from './errors.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { UNITS_WORDS } from './memory/units-words.ts';
import { type TimedLockingOptions, timeoutOf, UNTIMED } from './waiting/timed.ts';

const TYPE: LockType = { code: 9, name: 'SharedSemaphore', words: UNITS_WORDS };
const MOST_UNITS = 2 ** 30;

export interface SharedSemaphoreOptions extends SharedLockOptions {
  /** Units there are in all, from 1 to 2 ** 30. @default 1 */
  readonly capacity?: number;
}

interface Units {
  /** A whole number from 1 to the capacity. @default 1 */
  readonly units?: number;
}

export class SharedSemaphore extends UnitsLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);
  /** Units there are in all. */
  readonly capacity: number;

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SharedSemaphoreOptions = {}) {
    const { capacity = 1 } = options;
    checkCount('capacity', capacity, { most: MOST_UNITS });
    super(name, options, {
      type: TYPE,
      kind: 'semaphore',
      below: new.target,
      traits: { capacity },
      declared: { capacity },
      rules: { capacity, prefersBig: false },
    });
    this.capacity = capacity;
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a SharedSemaphore, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): SharedSemaphore {
    return rebuild(SharedSemaphore, TYPE, { handle, options });
  }

  /** Units that nobody holds. */
  get available(): number {
    return this.book.free;
  }

  /**
   * Takes units, and waits for them.
   * @throws TypeError for a wrong number of units
   * @throws LockTimeoutError if its time is over
   * @throws CannotBlockError where it would have to wait on a thread that must not block
   * @throws LockdepError under the `throw` policy
   */
  acquire(options: TimedLockingOptions & Units = UNTIMED): void {
    const ask = this.#ask(options, this.acquire);
    if (!this.acquireUnits(ask)) {
      throw new LockTimeoutError(this.name, ask.timeout ?? 0);
    }
  }

  /** Takes units if they are free, and nobody waits for them. @returns whether they were @throws TypeError for a wrong number of units */
  tryAcquire(options: LockingOptions & Units = UNTIMED): boolean {
    return this.tryUnits(this.#ask(options, this.tryAcquire));
  }

  /**
   * Gives units back: those that this owner took last, then others of this thread, then those of other threads.
   * @throws NotHolderError if fewer are held in all: nothing is given back
   */
  release(units = 1, options: LockingOptions = UNTIMED): void {
    const ask = this.#ask({ ...options, units }, this.release);
    if (this.giveUnits(ask)) {
      return;
    }
    const held = this.capacity - this.available;
    if (held === 0) {
      this.cancel(ask);
    }
    throw new NotHolderError(`${this.name}: ${units} to be given back, and ${held} are held`);
  }

  /** Takes units for the running async flow. Rejects as `acquire` throws, and with the reason of the signal. */
  acquireAsync(options: WaitOptions & Units = {}): Promise<Guard> {
    try {
      checkObject('options', options);
      const { units = 1 } = options;
      checkCount('units', units, { most: this.capacity });
      const how: AsyncHow = { units, mode: 'exclusive', caller: this.acquireAsync, handsOut: true };
      return this.requests.acquire(how, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  // Anybody can give units back, so that a wait may always end.
  protected refuseOwn(): void {}

  #ask(options: TimedLockingOptions & Units, caller: Asking['caller']): UnitsAsk {
    const owner = ownerIn(this.witness, options);
    const { units = 1 } = options;
    checkCount('units', units, { most: this.capacity });
    return { owner, units, asking: { caller, units }, timeout: timeoutOf(options) };
  }
}
