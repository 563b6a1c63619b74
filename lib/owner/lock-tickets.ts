/**
 * The tickets of one lock, those that wait and those that are held, as lists through the tickets themselves: an acquire touches a
 * few pointers, however many locks and tickets there are.
 */
import type { ChainNode } from '../state/chains.ts';
import type { LockInstance } from '../state/classes.ts';
import { KeysInUse } from './keys.ts';
import type { LiveTickets, Ticket, Tickets } from './ticket.ts';

/** Tickets in the order in which they were added. */
class TicketList {
  first: Ticket | null = null;
  #last: Ticket | null = null;

  add(ticket: Ticket): void {
    ticket.previous = this.#last;
    if (this.#last === null) {
      this.first = ticket;
    } else {
      this.#last.next = ticket;
    }
    this.#last = ticket;
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
  }

  all(): Ticket[] {
    const all: Ticket[] = [];
    for (let at = this.first; at !== null; at = at.next) {
      all.push(at);
    }
    return all;
  }
}

export class LockTickets implements Tickets {
  readonly lock: LockInstance;
  readonly root: ChainNode;
  isUnowned = false;
  isFair = false;
  latest: Ticket | null = null;
  readonly live: LiveLocks;
  readonly #waiting = new TicketList();
  readonly #held = new TicketList();

  constructor(lock: LockInstance, root: ChainNode, live: LiveLocks) {
    this.lock = lock;
    this.root = root;
    this.live = live;
  }

  /** It waits. */
  add(ticket: Ticket): void {
    if (this.isEmpty) {
      this.live.add(this);
    }
    this.#waiting.add(ticket);
    this.live.count++;
  }

  grant(ticket: Ticket): void {
    this.#waiting.remove(ticket);
    this.#held.add(ticket);
    this.latest = ticket;
  }

  /** It does not wait any more, or is not held any more. */
  remove(ticket: Ticket, wasHeld: boolean): void {
    (wasHeld ? this.#held : this.#waiting).remove(ticket);
    this.live.count--;
    if (this.isEmpty) {
      this.live.delete(this);
    }
  }

  get held(): Ticket[] {
    return this.#held.all();
  }

  get oldestHeld(): Ticket | null {
    return this.#held.first;
  }

  get waiting(): Ticket[] {
    return this.#waiting.all();
  }

  get isEmpty(): boolean {
    return this.#waiting.first === null && this.#held.first === null;
  }
}

/** The locks that anybody waits for or holds. */
export class LiveLocks implements LiveTickets {
  count = 0;
  gaveUp: (ticket: Ticket) => void = () => {};
  readonly keys: KeysInUse = new KeysInUse();
  readonly #locks = new Set<LockTickets>();

  add(tickets: LockTickets): void {
    this.#locks.add(tickets);
    this.keys.add(tickets);
  }

  delete(tickets: LockTickets): void {
    this.#locks.delete(tickets);
    this.keys.delete(tickets);
  }

  get waiting(): Ticket[] {
    return [...this.#locks].flatMap(({ waiting }) => waiting).sort((one, other) => one.order - other.order);
  }

  get held(): Ticket[] {
    return [...this.#locks].flatMap((tickets) => (tickets.isUnowned ? [] : tickets.held));
  }
}
