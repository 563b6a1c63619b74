/**
 * The block of a program that ended, or had nothing left to run, while owners still waited.
 */
import { isPool, shareOf, unitOf } from '../../model/unit.ts';
import type { StalledViolation, WaitRef } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { heldName, type NameOf } from '../part/names.ts';
import { type Block, type Page, tryLines } from '../part/page.ts';
import { passDown, RELEASED } from '../part/pools.ts';
import { siteColumns, siteRows } from '../part/sites.ts';
import { count, duration, list } from '../part/words.ts';
import type { Place } from '../report.ts';

const MOST_WAITS = 12;

/** Everything below the headline and the sentence. */
export function stalledBlock({ waits }: StalledViolation, page: Page): Block {
  const shown = waits.slice(0, MOST_WAITS);
  const columns = siteColumns(shown.flatMap((wait) => placesOf(wait, page.nameOf)));
  const more = waits.length - shown.length;
  return [
    ...shown.map((wait) => [
      ...wrap(headOf(wait, page.nameOf), { indent: '  ' }),
      ...siteRows(placesOf(wait, page.nameOf), page.style, columns),
      ...holdsLine(wait, page.nameOf),
    ]),
    ...(more > 0 ? [[`  and ${count(more, 'more wait')}`]] : []),
    tryLines(remedy(waits, page.nameOf), page),
  ];
}

function headOf({ owner, lock, waited }: WaitRef, nameOf: NameOf): string {
  return `${owner} has waited ${duration(waited)} for ${shareOf(lock, nameOf(lock))}`;
}

function placesOf({ lock, asked, holders }: WaitRef, nameOf: NameOf): readonly Place[] {
  return [
    { label: `${nameOf(lock)} asked`, site: asked },
    ...holders.map((holder) => ({ label: `taken by ${holder.owner}`, site: holder.site })),
  ];
}

function holdsLine({ held }: WaitRef, nameOf: NameOf): readonly string[] {
  return held.length === 0
    ? []
    : wrap(`and holds ${list(held.map((one) => heldName(one, nameOf)))}`, { indent: '      ' });
}

/** A circle of waits is an order to mend; a holder that waits for nothing has lost its release. */
function remedy(waits: readonly WaitRef[], nameOf: NameOf): string {
  const nested = waits.find(({ lock, held }) => isPool(lock) && held.some((one) => one.lock.key === lock.key));
  if (nested !== undefined) {
    const taken = nested.held.find(({ lock }) => lock.key === nested.lock.key)?.site ?? null;
    return `${passDown({ taken, asked: nested.asked }, nameOf(nested.lock))}.`;
  }
  const own = waits.find((wait) => wait.held.some(({ lock }) => lock.key === wait.lock.key) && waits.length === 1);
  if (own !== undefined) {
    return `${nameOf(own.lock)} is asked for while it is held: release it before asking, or pass on that it is held.`;
  }
  const waiting = new Set(waits.map((wait) => wait.owner));
  const lost = waits.find(({ holders }) => holders.some((holder) => !waiting.has(holder.owner)));
  if (lost !== undefined) {
    const holder = lost.holders.find((one) => !waiting.has(one.owner))?.owner;
    if (isPool(lost.lock)) {
      return `see why ${holder} never released its connection of ${nameOf(lost.lock)}: release it ${RELEASED}.`;
    }
    return `see why ${holder} never released ${nameOf(lost.lock)}: release in a finally block, or with a method that runs a function under the lock.`;
  }
  const orphan = waits.find(({ holders }) => holders.length === 0);
  if (orphan !== undefined) {
    return `nobody is known to hold ${nameOf(orphan.lock)}: see which ${unitOf(orphan.lock)} of it was never given back, or which task never ended.`;
  }
  return 'the owners wait for each other: take these locks in one order everywhere, or release one before asking for the next.';
}
