/**
 * Tells the program's own calls of a library from those that the library makes to itself: only the outermost one
 * counts, its site is the site of the request, and its promise is the one that the program waits for.
 */
import type { Ticket } from '../owner/ticket.ts';
import type { RawSite } from '../state/site.ts';
import type { Watcher } from './adapter.ts';
import type { Call } from './calls.ts';

export class ProgramCalls {
  /** Where the program called the library, while that call is carried out. */
  site: RawSite | undefined;
  /** The request that the call made. */
  asked: Ticket | undefined;
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

  #mark(promise: unknown, arrives: 'owned' | 'seen'): unknown {
    const { tracker } = this.#watcher;
    if (this.asked === undefined) {
      return promise;
    }
    return arrives === 'owned' ? tracker.mark(promise, this.asked) : tracker.markSeen(promise, this.asked);
  }
}
