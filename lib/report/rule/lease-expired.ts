/**
 * The block of a lock that is used as held after its lease has run out.
 */
import type { LeaseExpiredViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';
import { duration } from '../part/words.ts';

/** Everything below the headline and the sentence. */
export function leaseExpiredBlock(violation: LeaseExpiredViolation, page: Page): Block {
  const name = page.nameOf(violation.lock);
  const [done, ...others] = placesOf(violation, page.nameOf);
  const mark = `${duration(violation.expiredForMs)} after the end of its lease`;
  return [
    siteRows([...others, ...(done ? [{ ...done, mark }] : [])], page.style),
    wrap(consequence(violation, name), { indent: '  ' }),
    [...heldLines(violation, page), ...leaseExpiredAdvice(violation, page)],
  ];
}

function consequence({ owner, successor }: LeaseExpiredViolation, name: string): string {
  return successor === null
    ? `From the end of its lease on ${name} was free: any owner, of another process too, can have held it while ${owner} worked.`
    : `From the end of its lease on ${name} was free: ${successor.owner} held it while ${owner} still worked as its holder.`;
}

/** What to do about it. */
export function leaseExpiredAdvice({ lock, taken }: LeaseExpiredViolation, page: Page): readonly string[] {
  const name = page.nameOf(lock);
  const where = taken === null ? '' : ` at ${place(taken)}`;
  const remedy =
    `take ${name}${where} with a lease that outlasts the work, or extend it while the work goes on, and stop the work when ` +
    'that fails. To be safe from whoever comes late, give each grant a greater number, and let the store refuse the smaller ones.';
  return tryLines(remedy, page);
}
