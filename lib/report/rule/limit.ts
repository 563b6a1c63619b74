/**
 * The block of a lock that is held, or waited for, longer than its limit.
 */
import { isPool } from '../../model/unit.ts';
import type { LimitViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { type NameOf, place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';
import { count, duration } from '../part/words.ts';

/** Everything below the headline and the sentence. */
export function limitBlock(violation: LimitViolation, page: Page): Block {
  const [first, ...others] = placesOf(violation, page.nameOf);
  const name = page.nameOf(violation.lock);
  const isHold = violation.rule === 'long-hold';
  const verb = isHold ? 'held' : 'waited';
  const mark = `${verb} ${duration(violation.ms)}, limit ${duration(violation.limitMs)}`;
  return [
    siteRows([...(first ? [{ ...first, mark }] : []), ...others], page.style),
    wrap(consequence(violation, name), { indent: '  ' }),
    [...(isHold ? [] : heldLines(violation, page)), ...limitAdvice(violation, page)],
  ];
}

/** What to do about it. */
export function limitAdvice(violation: LimitViolation, page: Page): readonly string[] {
  return tryLines(remedy(violation, page.nameOf), page);
}

function consequence({ rule, waiters }: LimitViolation, name: string): string {
  if (rule === 'long-wait') {
    return `Whoever waits for this owner waits as long, and so do all behind it in the queue of ${name}.`;
  }
  return waiters === 0
    ? `Whoever asks for ${name} meanwhile has to wait as long.`
    : `${count(waiters, 'owner')} had to wait for it meanwhile, and all of them one after the other go on later.`;
}

function remedy({ rule, lock, site, holders }: LimitViolation, nameOf: NameOf): string {
  const name = nameOf(lock);
  const where = site === null ? '' : ` at ${place(site)}`;
  if (rule === 'long-hold') {
    if (isPool(lock)) {
      return `do what needs no connection, such as calls of other services, before one of ${name} is taken${where} or after its release; or run shorter transactions.`;
    }
    return `do what needs no lock, such as I/O, before ${name} is taken${where} or after its release; or split what it protects, so that fewer wait for one lock.`;
  }
  const [holder] = holders;
  const long =
    holder === undefined
      ? `see who keeps ${name} for long`
      : `see why ${holder.owner} kept ${name}${holder.site === null ? '' : ` (taken at ${place(holder.site)})`} for so long`;
  return `${long}; or give the wait${where} a timeout, and say there what to do without ${name}.`;
}
