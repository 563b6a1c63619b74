/**
 * What a flow carries, read and added to. Flows that fork share the tail of their lists; nothing is copied.
 */
import type { OwnerRef } from '../model/owner.ts';
import { Context, type Handover, type LiveTickets, type Ticket } from './ticket.ts';

/** Drops what is over from the top, so that loops do not grow. */
export function prune(context: Context | null): Context | null {
  let top = context;
  while (top !== null && top.ticket?.isOver === true) {
    top = top.up;
  }
  return top;
}

/** Adds a ticket that the context does not have yet, and leaves out what is over, so that loops do not grow. */
export function push(context: Context | null, ticket: Ticket, owned: boolean, via: Handover | null = null): Context {
  const top = prune(context);
  let isKnown = false;
  let isClean = true;
  for (let at = top; at !== null; at = at.up) {
    isKnown ||= at.ticket === ticket && at.owned === owned;
    isClean &&= at.ticket?.isOver !== true;
  }
  const rest = isClean ? top : rebuilt(top);
  return isKnown ? (rest as Context) : new Context(rest, ticket, { owned, via });
}

function rebuilt(context: Context | null): Context | null {
  const live: Context[] = [];
  for (let at = context; at !== null; at = at.up) {
    if (at.ticket?.isOver !== true) {
      live.push(at);
    }
  }
  return live.reduceRight<Context | null>((up, { ticket, owned, task, via }) => {
    return new Context(up, ticket, task === null ? { owned, via } : { owned, task });
  }, null);
}

export function has(context: Context | null, ticket: Ticket): boolean {
  for (let at = context; at !== null; at = at.up) {
    if (at.ticket === ticket) {
      return true;
    }
  }
  return false;
}

/** What a flow with this context holds now of the locks of one checker, outermost first. */
export function heldIn(context: Context | null, live: LiveTickets): Ticket[] {
  const held: Ticket[] = [];
  for (let at = context; at !== null; at = at.up) {
    const { ticket } = at;
    if (ticket !== null && ticket.state === 'held' && ticket.tickets.live === live && at.owned) {
      held.push(ticket);
    }
  }
  return held.length > 1 ? held.reverse() : held;
}

/** The flow that has this context: that of its latest lock, or of its task. */
export function ownerOf(context: Context | null, live: LiveTickets): OwnerRef | null {
  for (let at = prune(context); at !== null; at = at.up) {
    if (at.task !== null) {
      return at.task;
    }
    if (at.ticket !== null && at.ticket.tickets.live === live && at.owned) {
      return at.ticket.owner;
    }
  }
  return null;
}

/**
 * What its flow holds when it gets a lock, as far as that matters for the order: locks that are taken together, and that
 * neither class nor level tells apart, have one that everybody keeps.
 */
export function heldBelow({ base, tickets, together, class: wanted }: Ticket): Ticket[] {
  const held = heldIn(base, tickets.live);
  return together === null
    ? held
    : held.filter(
        (one) =>
          one.together !== together || !isAlike(one.class.traits.level, wanted.traits.level, one.class === wanted),
      );
}

const isAlike = (one: number | null, other: number | null, isSameClass: boolean): boolean =>
  isSameClass || (one !== null && one === other);
