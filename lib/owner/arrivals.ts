/**
 * What arrives with a promise: from itself, and from those that it waits for.
 */
import { isObject } from './given.ts';
import { linkOf, parentOf } from './links.ts';
import type { Handover, Ticket } from './ticket.ts';

/** An acquire that reaches a continuation. */
export interface Arrival {
  readonly ticket: Ticket;
  /** As its own, or as something that has happened before it. */
  readonly owned: boolean;
  readonly via: Handover | null;
}

/** What arrives with a promise. Most carry nothing, and cost nothing. */
export function arrivals(promise: unknown): readonly Arrival[] {
  if (!isObject(promise)) {
    return NONE;
  }
  const search = new Search();
  search.walk(promise);
  return search.found;
}

const NONE: readonly Arrival[] = [];

class Search {
  readonly found: Arrival[] = [];
  /** Inputs that combinators share are looked at once. */
  readonly #met = new Set<object>();

  walk(promise: object): void {
    for (let at: object | undefined = promise; at !== undefined; at = parentOf(at)) {
      const link = linkOf(at);
      if (link === undefined) {
        continue;
      }
      if (this.#met.has(at)) {
        return;
      }
      this.#met.add(at);
      if (link.acquired !== undefined) {
        this.found.push({ ticket: link.acquired, owned: true, via: null });
      }
      for (const ticket of link.others) {
        this.found.push({ ticket, owned: true, via: null });
      }
      for (const ticket of link.handed) {
        this.found.push({ ticket, owned: true, via: link.via });
      }
      if (link.rival !== null) {
        link.rival.isRevoked = true;
      }
      for (const ticket of link.seen) {
        this.found.push({ ticket, owned: false, via: null });
      }
      for (const input of link.inputs) {
        if (isObject(input)) {
          this.walk(input);
        }
      }
    }
  }
}
