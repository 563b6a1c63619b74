/**
 * A counting semaphore over threads. First come, first served, as far as it matters: what somebody waits for is kept for him while there is
 * not enough, so a big request is not overtaken by small ones. Who could go on and does not come for 50 ms, because the event loop of his
 * thread is busy or the thread has ended, is passed by until he comes. Of one thread, requests that block go before those of its async flows.
 *
 * Units may be given back by another thread than the one that took them. So nobody is said to hold what `acquire` took, and the checker
 * looks at what is held while somebody asks for units alone; unless the semaphore is `owned`, or the units are held by `run`.
 * Units of a thread that has ended are given back by whoever waits.
 */
import { checkObject } from '../../options.ts';
import { shown } from '../../shown.ts';
import { LockTimeoutError } from '../errors.ts';
import type { Guard } from '../guard.ts';
import { checkCount, checkFunction, type WaitOptions } from '../wait-options.ts';
import type { AsyncHow } from './base/async-request.ts';
import { ownerIn } from './base/owner-in.ts';
import { type LockingOptions, type RebuildOptions, rebuild, type SharedLockOptions } from './base/shared-lock.ts';
import type { Asking } from './base/thread-witness.ts';
import type { UnitsAsk } from './base/units-ask.ts';
import { UnitsLock } from './base/units-lock.ts';
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
  /** Units that are free at first, from 0 to the capacity. Not for one in a buffer of the program. @default the capacity */
  readonly initial?: number;
  /** Whether those alone who took units give them back, so that the checker knows who holds them. @default false */
  readonly owned?: boolean;
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
  protected override readonly isOwned: boolean;

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SharedSemaphoreOptions = {}) {
    const { capacity = 1, initial = capacity, owned = false } = options;
    checkCount('capacity', capacity, { most: MOST_UNITS });
    checkInitial(options, { capacity, initial, owned });
    super(name, options, {
      type: TYPE,
      kind: 'semaphore',
      below: new.target,
      traits: { capacity, owned },
      declared: { capacity, owned },
      rules: { capacity, prefersBig: false },
    });
    this.capacity = capacity;
    this.isOwned = owned;
    if (initial < capacity) {
      this.book.keepBack(capacity - initial);
    }
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

  /**
   * Runs synchronous work with units, which this owner holds until it is over.
   * @returns what it returns
   * @throws as `acquire` does, and TypeError if it returns a promise
   */
  run<Result>(work: () => Result, options: TimedLockingOptions & Units = UNTIMED): Result {
    checkFunction('work', work);
    const ask = this.#ask(options, this.run);
    if (!this.acquireUnits(ask, true)) {
      throw new LockTimeoutError(this.name, ask.timeout ?? 0);
    }
    let result: Result;
    try {
      result = work();
    } finally {
      const entry = this.ledger.find(ask.owner, ask.units);
      if (entry !== undefined) {
        this.giveEntry(entry, ask.asking);
      }
    }
    if (typeof (result as { then?: unknown } | null)?.then === 'function') {
      throw new TypeError(
        `work: units of ${this.name} are held for synchronous work only, and this returned a promise`,
      );
    }
    return result;
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
    if (held === 0 && this.isOwned) {
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

  /** What a thread had that ended is free again. */
  isSharedBy(): boolean {
    return true;
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

function checkInitial(
  { buffer }: SharedSemaphoreOptions,
  { capacity, initial, owned }: { readonly capacity: number; readonly initial: number; readonly owned: boolean },
): void {
  if (!Number.isInteger(initial) || initial < 0 || initial > capacity) {
    throw new TypeError(`initial: expected a whole number from 0 to the capacity, ${capacity}, got ${shown(initial)}`);
  }
  if (initial < capacity && buffer !== undefined) {
    throw new TypeError('initial: a semaphore in a buffer may be there already; take units of it instead');
  }
  if (typeof owned !== 'boolean') {
    throw new TypeError(`owned: expected true or false, got ${shown(owned)}`);
  }
}
