/**
 * Waits that cannot end. A wait is stuck if the lock would not be granted even if everybody gave back all that he can still
 * give back; whoever waits for a wait that is stuck gives nothing back. The largest set of waits of which each is stuck because
 * of the others is what is left when those that can end are taken away, one after the other.
 */
import { dependenciesOf, leftUnder, needsOf, waitsBefore } from './dependencies.ts';
import { isObject } from './given.ts';
import type { Ticket, Tickets } from './ticket.ts';

export class StuckWaits {
  readonly #stuck: Set<Ticket>;
  readonly #arePoolsOwned: boolean;
  /** Who waits for each lock, in the order of the queue. */
  readonly #queues = new Map<Tickets, Ticket[]>();

  /**
   * @param starts waits: only what they depend on is looked at
   * @param arePoolsOwned whether a connection is given back by whoever took it, as it is unless an event of it does
   */
  constructor(starts: Iterable<Ticket>, arePoolsOwned = false) {
    this.#arePoolsOwned = arePoolsOwned;
    this.#stuck = dependenciesOf(starts);
    for (const ticket of [...this.#stuck].sort(inQueueOrder)) {
      const queue = this.#queues.get(ticket.tickets);
      if (queue === undefined) {
        this.#queues.set(ticket.tickets, [ticket]);
      } else {
        queue.push(ticket);
      }
    }
    let before = -1;
    while (before !== this.#stuck.size) {
      before = this.#stuck.size;
      for (const [tickets, queue] of this.#queues) {
        this.#free(tickets, queue);
      }
    }
  }

  /**
   * The circle that a stuck wait leads to: each waits for a lock that is held by whoever waits for the next one.
   * Empty where the wait is not stuck, or not known to lead to one.
   */
  circleFrom(ticket: Ticket): readonly Ticket[] {
    const way: Ticket[] = [];
    const places = new Map<Ticket, number>();
    let at: Ticket | undefined = ticket;
    while (at !== undefined && this.#stuck.has(at)) {
      const known = places.get(at);
      if (known !== undefined) {
        return way.slice(known);
      }
      places.set(at, way.length);
      way.push(at);
      at = this.#nextAfter(at);
    }
    return [];
  }

  /** Takes those away who can get the lock, the first ones first. */
  #free({ held, isFair }: Tickets, queue: readonly Ticket[]): void {
    const bound = held.filter((holder) => this.#waitOf(holder) !== undefined);
    const ahead = { any: false, writer: false };
    for (const ticket of queue) {
      const isReader = ticket.mode !== 'exclusive';
      const isBehind = isFair && (isReader ? ahead.writer : ahead.any);
      if (ticket.ends || (!isBehind && hasRoom(ticket, bound))) {
        this.#stuck.delete(ticket);
      } else if (this.#stuck.has(ticket)) {
        ahead.any = true;
        ahead.writer ||= !isReader || ticket.class.kind.counting;
      }
    }
  }

  #nextAfter(ticket: Ticket): Ticket | undefined {
    const waits = ticket.tickets.held
      .filter((holder) => isInTheWay(holder, ticket))
      .map((holder) => this.#waitOf(holder))
      .filter((wait) => wait !== undefined);
    if (waits.length > 0) {
      // Of a lock with several units the others have the rest.
      return waits.find((wait) => wait !== ticket) ?? waits[0];
    }
    const queue = this.#queues.get(ticket.tickets) ?? [];
    return queue.slice(0, queue.indexOf(ticket)).find((one) => this.#stuck.has(one));
  }

  /** The stuck wait that has to end before the holder can give back what he holds. */
  #waitOf(holder: Ticket): Ticket | undefined {
    if (holder.isExplicit) {
      return (waitsBefore(holder) as readonly Ticket[]).find((wait) => this.#stuck.has(wait));
    }
    const [promise] = waitsBefore(holder);
    const wait = promise === undefined ? undefined : this.#search(promise, new Set());
    return wait === undefined || (holder.work === null && this.#mayBeReleased(holder)) ? undefined : wait;
  }

  /**
   * Whoever got a guard may have given it to somebody else. Units of a counting lock are anybody's; the guard of another one
   * may be with whatever its flow has left behind, and can still run.
   */
  #mayBeReleased(holder: Ticket): boolean {
    if (holder.class.isShared && !(this.#arePoolsOwned && holder.class.kind.name === 'pool')) {
      return true;
    }
    return leftUnder(holder).some(
      ({ parent }) => parent === undefined || this.#search(parent, new Set()) === undefined,
    );
  }

  /** The stuck wait that has to end before the promise can settle. */
  #search(promise: object, met: Set<object>): Ticket | undefined {
    if (met.has(promise)) {
      return undefined;
    }
    met.add(promise);
    const { wait, inputs, isAny, next } = needsOf(promise);
    if (wait !== null) {
      return this.#stuck.has(wait) ? wait : undefined;
    }
    if (inputs.length > 0) {
      return this.#searchAll(inputs, { isAny, met });
    }
    return next === null ? undefined : this.#search(next, met);
  }

  #searchAll(inputs: readonly unknown[], { isAny, met }: { isAny: boolean; met: Set<object> }): Ticket | undefined {
    let last: Ticket | undefined;
    for (const input of inputs) {
      const found = isObject(input) ? this.#search(input, isAny ? new Set(met) : met) : undefined;
      if (isAny && found === undefined) {
        return undefined;
      }
      if (!isAny && found !== undefined) {
        return found;
      }
      last = found;
    }
    return last;
  }
}

/** True if the lock could be granted were it not for those who are ahead. */
function hasRoom(ticket: Ticket, bound: readonly Ticket[]): boolean {
  const inTheWay = bound.filter((holder) => isInTheWay(holder, ticket));
  if (!ticket.class.kind.counting) {
    return inTheWay.length === 0;
  }
  return ticket.lock.capacity - inTheWay.reduce((sum, { units }) => sum + units, 0) >= ticket.units;
}

/** True if the holder keeps the waiter out. */
function isInTheWay(holder: Ticket, ticket: Ticket): boolean {
  return holder.upgrade !== ticket && !(ticket.mode !== 'exclusive' && holder.mode !== 'exclusive');
}

/** A reader that is to become the writer goes before all others. */
function inQueueOrder(one: Ticket, other: Ticket): number {
  return Number(other.isUpgrade) - Number(one.isUpgrade) || one.order - other.order;
}
