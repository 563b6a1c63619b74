/**
 * Tells the program's own calls of a library from those that the library makes to itself: only the outermost one
 * counts, its site is the site of the request, and its promise is the one that the program waits for.
 */
import type { Ticket } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { Watcher } from './adapter.ts';
import { type Call, whenOver } from './calls.ts';

export class ProgramCalls {
  /** Where the program called the library, while that call is carried out. */
  site: RawSite | undefined;
  /** The request that the call made. */
  asked: Ticket | undefined;
  /** True while the call gives up at once instead of waiting. */
  isTry = false;
  /** True while a releaser gives back what it stands for, and the library calls its plain release. */
  isReleasing = false;
  readonly #watcher: Watcher;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  /**
   * A method that the program calls.
   * @param arrives whether what goes on after its promise owns the lock, or has only seen it granted
   */
  fromProgram(original: Call, arrives: 'owned' | 'seen'): Call {
    const calls = this;
    return function call(...args) {
      if (calls.site !== undefined) {
        return original.apply(this, args);
      }
      calls.site = calls.#watcher.site(call);
      calls.asked = undefined;
      try {
        return calls.#mark(original.apply(this, args), arrives);
      } finally {
        calls.site = undefined;
      }
    };
  }

  /** A method whose first argument is called while the lock is held: it runs as the owner of the request. */
  withCallback(original: Call): Call {
    const calls = this;
    return function withCallback(callback, ...args) {
      if (typeof callback !== 'function') {
        // The library says in its own words what is wrong.
        return original.call(this, callback, ...args);
      }
      const { tracker } = calls.#watcher;
      let ticket: Ticket | undefined;
      const work = (...values: unknown[]): unknown => {
        const call = (): unknown => Reflect.apply(callback, this, values);
        return ticket === undefined ? call() : tracker.run(ticket, call);
      };
      const result = original.call(this, work, ...args);
      ticket = calls.asked;
      return result;
    };
  }

  /**
   * A method that waits for a lock to become free and does not take it: whoever holds it waits for himself. Its promise never
   * rejects, so that a handler of ours hides nothing.
   */
  withoutTaking(original: Call, lockOf: (target: object) => LockInstance | undefined): Call {
    const calls = this;
    return function wait(...args) {
      const lock = lockOf(this);
      const promise = original.apply(this, args);
      if (lock !== undefined) {
        const { tracker } = calls.#watcher;
        const ticket = tracker.request(lock, { site: calls.site ?? calls.#watcher.site(wait) });
        whenOver(promise, () => tracker.withdrawn(ticket));
      }
      return promise;
    };
  }

  asTry(isTry: boolean, work: () => unknown): unknown {
    const before = this.isTry;
    this.isTry = before || isTry;
    try {
      return work();
    } finally {
      this.isTry = before;
    }
  }

  releasing(work: () => unknown): unknown {
    const before = this.isReleasing;
    this.isReleasing = true;
    try {
      return work();
    } finally {
      this.isReleasing = before;
    }
  }

  #mark(promise: unknown, arrives: 'owned' | 'seen'): unknown {
    const { tracker } = this.#watcher;
    if (this.asked === undefined) {
      return promise;
    }
    return arrives === 'owned' ? tracker.mark(promise, this.asked) : tracker.markSeen(promise, this.asked);
  }
}
