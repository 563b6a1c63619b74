/**
 * The block of a thread that waits for one of lower priority which does not run.
 */
import { actorOf } from '../../model/actor.ts';
import type { PriorityInversionViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';
import { count, duration } from '../part/words.ts';

/** Everything below the headline and the sentence. */
export function priorityInversionBlock(violation: PriorityInversionViolation, page: Page): Block {
  const [asked, ...others] = placesOf(violation, page.nameOf);
  const { ms, spins, isSpinning } = violation;
  const mark = isSpinning ? `${count(spins, 'spin')} in ${duration(ms)}` : `waited ${duration(ms)}`;
  return [
    siteRows([...(asked ? [{ ...asked, mark }] : []), ...others], page.style),
    wrap(consequence(violation), { indent: '  ' }),
    [...heldLines(violation, page), ...priorityInversionAdvice(violation, page)],
  ];
}

/** What to do about it. */
export function priorityInversionAdvice(violation: PriorityInversionViolation, page: Page): readonly string[] {
  const { lock, holder, isSpinning } = violation;
  const name = page.nameOf(lock);
  const where = holder.site === null ? '' : ` (taken at ${place(holder.site)})`;
  const first = isSpinning
    ? `make ${name} a lock whose waiters give up the CPU, such as ParkingMutex`
    : `do less while ${name} is held${where}`;
  const hold = isSpinning ? `, and do little while it is held${where}` : '';
  return tryLines(`${first}; or give all threads that take it one priority${hold}.`, page);
}

function consequence({ owner, holder, isSpinning, evidence }: PriorityInversionViolation): string {
  const who = actorOf(holder);
  const doubt = evidence === 'descheduled' ? '' : `, unless ${who} only takes long`;
  return isSpinning
    ? `The spinning keeps a CPU busy that ${who} may need to get to its release: with as many urgent threads as CPUs it never ends${doubt}.`
    : `${owner} waits for whatever runs instead of ${who}, however unimportant that is${doubt}.`;
}
