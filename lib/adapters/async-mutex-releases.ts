/**
 * How units of async-mutex come back: by the releaser that the acquire gave, by a plain `release()`, or by number.
 */
import type { Ticket } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import type { Watcher } from './adapter.ts';
import { type Call, likeOriginal } from './calls.ts';
import { givenBack } from './counter.ts';
import type { ProgramCalls } from './program-calls.ts';

/** The semaphore inside a mutex. */
interface Inner {
  readonly _semaphore: object & { readonly _value: number };
}

/** The lock that a semaphore stands for, its own or that of a mutex. */
export type LockOf = (semaphore: object | undefined) => LockInstance | undefined;

export class AsyncMutexReleases {
  readonly #watcher: Watcher;
  readonly #calls: ProgramCalls;
  readonly #lockOf: LockOf;

  constructor(watcher: Watcher, calls: ProgramCalls, lockOf: LockOf) {
    this.#watcher = watcher;
    this.#calls = calls;
    this.#lockOf = lockOf;
  }

  /** `release` of a mutex. */
  ofMutex(original: Call): Call {
    const releases = this;
    return function release(...args) {
      const semaphore = (this as Inner | undefined)?._semaphore;
      const lock = releases.#lockOf(semaphore);
      const { site } = releases.#calls;
      // The library passes over a release of a free mutex in silence.
      if (lock !== undefined && site !== undefined && semaphore !== undefined && semaphore._value > 0) {
        releases.#watcher.tracker.releasedUnnamed(lock, 1, site);
      }
      return original.apply(this, args);
    };
  }

  /** `release` of a semaphore. */
  ofSemaphore(original: Call): Call {
    const releases = this;
    return function release(...args) {
      const lock = releases.#lockOf(this);
      const units = unitsOf(args[0]);
      if (lock !== undefined && !releases.#calls.isReleasing && units > 0) {
        const watcher = releases.#watcher;
        const site = releases.#calls.site ?? watcher.site(release);
        if (lock.class.kind.counting) {
          givenBack(watcher, lock, { units, site });
        } else if (watcher.tracker.holders(lock).length > 0) {
          // Else it was taken before it was watched.
          watcher.tracker.releasedUnnamed(lock, units, site);
        }
      }
      return original.apply(this, args);
    };
  }

  /** `setValue` of a semaphore. */
  byValue(original: Call): Call {
    const releases = this;
    return function setValue(...args) {
      const lock = releases.#lockOf(this);
      if (lock !== undefined) {
        const held = releases.#watcher.tracker.holders(lock).reduce((sum, one) => sum + one.units, 0);
        lock.capacity = Math.max(1, Math.floor(Number(args[0])) + held);
        releases.#watcher.tracker.disown(lock);
      }
      return original.apply(this, args);
    };
  }

  /** The releaser of a request. */
  releaser(ticket: Ticket, releaser: Call): Call {
    const { tracker } = this.#watcher;
    const releases = this;
    let wasCalled = false;
    return likeOriginal(function release(this: object) {
      if (!wasCalled && ticket.state === 'released') {
        // Its unit was given back before, by a plain release(): this one gives back somebody else's.
        tracker.releasedUnnamed(ticket.lock, ticket.units, ticket.site ?? releases.#watcher.site(release));
      }
      wasCalled = true;
      tracker.released(ticket);
      return releases.#calls.releasing(() => releaser.call(this));
    }, releaser);
  }
}

export const unitsOf = (weight: unknown): number => (weight === undefined ? 1 : Number(weight));
