/**
 * The block of a claim about locks, the owner or its context that did not hold.
 */
import type { AssertViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { MODES, type NameOf, place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';
import { list } from '../part/words.ts';

/** Everything below the headline and the sentence. */
export function assertionBlock(violation: AssertViolation, page: Page): Block {
  const places = placesOf(violation, page.nameOf).map((one, at) =>
    at === 0 ? { ...one, mark: markOf(violation) } : one,
  );
  const held = heldLines(violation, page);
  const nothing = held.length === 0 ? wrap(`${violation.owner} holds nothing`, { indent: '  ' }) : held;
  return [siteRows(places, page.style), [...nothing, ...tryLines(remedy(violation, page.nameOf), page)]];
}

function markOf(violation: AssertViolation): string {
  switch (violation.rule) {
    case 'assert-held':
      return holdsItself(violation) ? 'held, but not as claimed' : 'not held here';
    case 'assert-not-held':
      return 'held here';
    case 'assert-none-held':
      return violation.held.length === 1 ? 'a lock is held' : 'locks are held';
    case 'assert-owner':
      return 'not by this owner';
    case 'assert-context':
      return 'not so here';
    case 'assert-may-sleep':
      return 'must not sleep here';
  }
}

function remedy(violation: AssertViolation, nameOf: NameOf): string {
  const { rule, asserted, owner, held } = violation;
  const where = asserted === null ? '' : ` at ${place(asserted)}`;
  const name = violation.lock === null ? 'the lock' : nameOf(violation.lock);
  switch (rule) {
    case 'assert-held':
      return heldRemedy(violation, name);
    case 'assert-not-held':
      return `release ${name} before this call, or drop the assertion if the code can run under it.`;
    case 'assert-none-held': {
      const all = held.length === 0 ? 'all locks' : list([...new Set(held.map((one) => nameOf(one.lock)))]);
      return `release ${all} before this call${where}, or drop the assertion if the code can run under locks.`;
    }
    case 'assert-owner':
      return `let the owner that is claimed make this call${where}, or pass the work on to it from ${owner}.`;
    case 'assert-context':
      return `enter, leave, disable or enable the context before this call, as the assertion${where} wants it.`;
    case 'assert-may-sleep':
      return `release every lock that spins, and leave handlers and code with interrupts disabled, before this call${where}; or hand the work to a task.`;
  }
}

function heldRemedy(violation: AssertViolation, name: string): string {
  const { holder, owner } = violation;
  const own = violation.held.find(({ lock }) => lock.key === violation.lock?.key);
  if (own !== undefined && holdsItself(violation)) {
    const where = own.site === null ? '' : ` at ${place(own.site)}`;
    return `take ${name} in the claimed mode${where}, where it is now taken as ${MODES[own.mode]}, or weaken the assertion.`;
  }
  const elsewhere =
    holder === null || holder.owner === owner ? '' : `; that ${holder.owner} holds it does not protect this owner`;
  return `take ${name} around this call${elsewhere}.`;
}

/** True where the owner has the lock, but in another mode. */
function holdsItself({ holder, owner, held, lock }: AssertViolation): boolean {
  return holder?.owner === owner && held.some((one) => one.lock.key === lock?.key);
}
