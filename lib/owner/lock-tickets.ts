/**
 * The tickets of one lock that wait or are held, in the order in which they were asked for, as a list through the tickets
 * themselves: an acquire touches a few pointers, however many locks and tickets there are.
 */
import type { ChainNode } from '../state/chains.ts';
import type { LockInstance } from '../state/classes.ts';
import type { LiveTickets, Ticket, Tickets } from './ticket.ts';

export class LockTickets implements Tickets {
  readonly lock: LockInstance;
  readonly root: ChainNode;
  isUnowned = false;
  isFair = false;
  first: Ticket | null = null;
  readonly live: LiveLocks;
  #last: Ticket | null = null;

  constructor(lock: LockInstance, root: ChainNode, live: LiveLocks) {
    this.lock = lock;
    this.root = root;
    this.live = live;
  }

  add(ticket: Ticket): void {
    ticket.previous = this.#last;
    if (this.#last === null) {
      this.first = ticket;
      this.live.add(this);
    } else {
      this.#last.next = ticket;
    }
    this.#last = ticket;
    this.live.count++;
  }

  remove(ticket: Ticket): void {
    const { previous, next } = ticket;
    if (previous === null) {
      this.first = next;
    } else {
      previous.next = next;
    }
    if (next === null) {
      this.#last = previous;
    } else {
      next.previous = previous;
    }
    ticket.previous = null;
    ticket.next = null;
    this.live.count--;
    if (this.first === null) {
      this.live.delete(this);
    }
  }

  get held(): Ticket[] {
    return [...this].filter(({ state }) => state === 'held');
  }

  get waiting(): Ticket[] {
    return [...this].filter(({ state }) => state === 'waiting');
  }

  *[Symbol.iterator](): Iterator<Ticket> {
    for (let at = this.first; at !== null; at = at.next) {
      yield at;
    }
  }
}

/** The locks that anybody waits for or holds. */
export class LiveLocks implements LiveTickets {
  count = 0;
  gaveUp: (ticket: Ticket) => void = () => {};
  readonly #locks = new Set<LockTickets>();

  add(tickets: LockTickets): void {
    this.#locks.add(tickets);
  }

  delete(tickets: LockTickets): void {
    this.#locks.delete(tickets);
  }

  get waiting(): Ticket[] {
    return [...this.#locks].flatMap(({ waiting }) => waiting).sort((one, other) => one.order - other.order);
  }

  get held(): Ticket[] {
    return [...this.#locks].flatMap((tickets) => (tickets.isUnowned ? [] : tickets.held));
  }
}
