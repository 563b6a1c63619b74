/**
 * The block of an owner that waits while others get the lock again and again.
 */
import type { StarvationViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';
import { duration, times } from '../part/words.ts';

const WITH_READERS: readonly string[] = ['rwlock', 'rwsem'];

/** Everything below the headline and the sentence. */
export function starvationBlock(violation: StarvationViolation, page: Page): Block {
  const { owner, ms, passed } = violation;
  const [asked, ...others] = placesOf(violation, page.nameOf);
  const mark = `passed ${times(passed)} in ${duration(ms)}`;
  const consequence = `Who gets ${page.nameOf(violation.lock)} next is chance: ${owner} may wait for any time, and whoever waits for ${owner} does too.`;
  return [
    siteRows([...(asked ? [{ ...asked, mark }] : []), ...others], page.style),
    wrap(consequence, { indent: '  ' }),
    [...heldLines(violation, page), ...starvationAdvice(violation, page)],
  ];
}

/** What to do about it. */
export function starvationAdvice({ lock, holder }: StarvationViolation, page: Page): readonly string[] {
  const name = page.nameOf(lock);
  const where = holder?.site ? ` at ${place(holder.site)}` : '';
  const fair = WITH_READERS.includes(lock.kind)
    ? `let no reader of ${name} pass a writer that waits`
    : `make ${name} a lock that serves in the order of arrival, such as TicketLock or QueuedSpinLock`;
  return tryLines(
    `${fair}; or take it${where} less often, for more work at a time, and leave time between two holds.`,
    page,
  );
}
