/**
 * Does the release of one lock really wait for the grant of another one that the same flow asked for while it held the first?
 * Not if the first was handed to somebody who gives it back by himself, and not if the second was asked for by a child, or by
 * a queued task, that nobody waits for: neither can block. So what is new is decided when the outer lock is released: it
 * counts if that release came because of the inner grant, which is to say if the flow that releases has seen it. The
 * same goes for a wait that timed out.
 */
import { nearestHolders } from '../state/links.ts';
import { arrivals } from './arrivals.ts';
import { has } from './context.ts';
import type { Context, Nesting, Ticket } from './ticket.ts';

/**
 * Notes what a flow got, or gave up waiting for, while it held `held`.
 * @param isNewStep whether the dependency on what it held is not known yet
 */
export function noteNestings(ticket: Ticket, held: readonly Ticket[], isNewStep: boolean): void {
  if (ticket.try) {
    return;
  }
  for (const outer of held) {
    if (outer.lock === ticket.lock) {
      note(outer, { ticket, held, inSameLock: true });
    }
  }
  for (const outer of isNewStep ? nearestHolders(held) : []) {
    note(outer, { ticket, held, inSameLock: false });
  }
}

/** Of one kind of nesting the latest are enough: what was refuted once too often is looked for again the next time. */
const LATEST = 8;

function note(outer: Ticket, nesting: Nesting): void {
  outer.inner ??= [];
  const { inner } = outer;
  inner.push(nesting);
  nesting.ticket.undecided++;
  const alike = inner.filter(
    (one) => one.inSameLock === nesting.inSameLock && one.ticket.lock.class === nesting.ticket.lock.class,
  );
  const oldest = alike.length > LATEST ? alike.find(({ ticket }) => ticket.state !== 'held') : undefined;
  if (oldest !== undefined) {
    inner.splice(inner.indexOf(oldest), 1);
    oldest.ticket.undecided--;
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
  const known = new Set(arrivals(evidence).map(({ ticket }) => ticket));
  const nestings = outer.inner ?? [];
  outer.inner = null;
  const confirmed = nestings.filter(({ ticket }) => known.has(ticket) || has(context, ticket));
  for (const { ticket } of nestings) {
    ticket.undecided--;
  }
  return { confirmed, refuted: nestings.length - confirmed.length };
}

/** Of units that anybody may give back nobody knows whose they were: that more of them was asked for says nothing. */
export function forgetSameLock(outer: Ticket): void {
  const isSame = ({ ticket }: Nesting): boolean => ticket.lock === outer.lock;
  for (const { ticket } of outer.inner?.filter(isSame) ?? []) {
    ticket.undecided--;
  }
  outer.inner = outer.inner?.filter((nesting) => !isSame(nesting)) ?? null;
}
