/**
 * Is an acquire of a counting resource really nested in another one of the same flow? Not if the first unit was handed to
 * somebody who gives it back by himself, and not if a task was queued that nobody waits for: neither can block.
 * So the question is decided when the outer unit is released: it counts if that release came because of the
 * inner grant, which is to say if the flow that releases has seen it. The same goes for a wait that timed out.
 */
import { types } from 'node:util';
import { arrivals, type Linked } from './links.ts';
import { type Context, has, type Nesting, type Ticket } from './ticket.ts';

/**
 * Notes that a flow that holds units of a resource got one more, or gave up waiting for one. A mutex counts here as a
 * resource with one unit: nobody gets a second one, but a wait for it may time out.
 */
export function noteNestings(ticket: Ticket, held: readonly Ticket[]): void {
  const { lock } = ticket;
  if (ticket.try || !Number.isFinite(lock.capacity)) {
    return;
  }
  for (const outer of held) {
    if (outer.lock === lock) {
      outer.inner.push({ ticket, held });
      ticket.undecided++;
    }
  }
}

/** What the flow that releases has seen: its own context, and what arrived with the work it waited for. */
export interface Evidence {
  readonly context: Context | null;
  /** The promise that ended the work under the lock, where there is one. */
  readonly evidence: unknown;
}

/** Decides every nesting in `outer`, once. */
export function decideNestings(
  outer: Ticket,
  { context, evidence }: Evidence,
): { readonly confirmed: readonly Nesting[]; readonly refuted: number } {
  const { owned, seen } = arrivals(types.isPromise(evidence) ? (evidence as Linked) : undefined);
  const known = new Set([...owned, ...seen]);
  const nestings = outer.inner.splice(0);
  const confirmed = nestings.filter(({ ticket }) => known.has(ticket) || has(context, ticket));
  for (const { ticket } of nestings) {
    ticket.undecided--;
  }
  return { confirmed, refuted: nestings.length - confirmed.length };
}
