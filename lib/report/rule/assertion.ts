/**
 * The block of an assertion about held locks that did not hold.
 */
import type { AssertViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';

/** Everything below the headline and the sentence. */
export function assertionBlock(violation: AssertViolation, page: Page): Block {
  const name = page.nameOf(violation.lock);
  const places = placesOf(violation, page.nameOf).map((one, at) =>
    at === 0 ? { ...one, mark: violation.rule === 'assert-held' ? 'not held here' : 'held here' } : one,
  );
  const held = heldLines(violation, page);
  const nothing = held.length === 0 ? wrap(`${violation.owner} holds nothing`, { indent: '  ' }) : held;
  return [siteRows(places, page.style), [...nothing, ...tryLines(remedy(violation, name), page)]];
}

function remedy({ rule, holder }: AssertViolation, name: string): string {
  if (rule === 'assert-not-held') {
    return `release ${name} before this call, or drop the assertion if the code can run under it.`;
  }
  const elsewhere = holder === null ? '' : `; that ${holder.owner} holds it does not protect this owner`;
  return `take ${name} around this call${elsewhere}.`;
}
