/**
 * The block of owners that wait for each other: who holds what and asks for what, how it came about, and which step to change.
 */
import type { Site } from '../../model/lock.ts';
import { isPool, shareOf } from '../../model/unit.ts';
import type { DeadlockViolation, WaitRef } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { heldName, type NameOf, place } from '../part/names.ts';
import { type Block, type Page, tryLines } from '../part/page.ts';
import { passDown } from '../part/pools.ts';
import { play } from '../part/scenario.ts';
import { siteColumns, siteRows } from '../part/sites.ts';
import { duration, list } from '../part/words.ts';
import type { Place } from '../report.ts';

/** A part of the circle: somebody who waits, and is waited for. */
interface Link {
  readonly wait: WaitRef;
  /** The wait of who is in the way of this one. */
  readonly next: WaitRef;
  /** The wait that this owner is in the way of. */
  readonly before: WaitRef;
  /** Where this owner took what is waited for there; `undefined` where it does not hold it, and is only ahead in the queue. */
  readonly taken: { readonly site: Site | null } | undefined;
  readonly isLast: boolean;
}

/** Everything below the headline and the sentence. */
export function deadlockBlock(violation: DeadlockViolation, page: Page): Block {
  const links = linksOf(violation.waits);
  const places = links.map((link) => placesOf(link, violation, page.nameOf));
  const columns = siteColumns(places.flat());
  return [
    ...links.map((link, at) => [
      ...wrap(headOf(link, page.nameOf), { indent: '  ' }),
      ...siteRows(places[at] ?? [], page.style, columns),
      ...othersLine(link, page.nameOf),
    ]),
    story(violation, links, page),
    tryLines(remedy(links, page.nameOf), page),
  ];
}

function linksOf(waits: readonly WaitRef[]): readonly Link[] {
  return waits.map((wait, at) => {
    const before = waits.at(at - 1) ?? wait;
    const next = waits[(at + 1) % waits.length] ?? wait;
    const taken = before.holders.find(({ owner }) => owner === wait.owner);
    return { wait, next, before, taken, isLast: at === waits.length - 1 };
  });
}

function headOf({ wait, next }: Link, nameOf: NameOf): string {
  const { owner, lock, waited, holders } = wait;
  const holds = holders.some((holder) => holder.owner === next.owner);
  const some = isPool(lock) && lock.capacity > 1 && (holds || next === wait);
  const which = some ? `${next === wait ? 'all' : 'one'} of which` : 'which';
  const who =
    next === wait ? `${which} it holds itself` : `${which} ${next.owner} ${holds ? 'holds' : 'is to get first'}`;
  const waits = waited < 1 ? 'waits' : `has waited ${duration(waited)}`;
  return `${owner} ${waits} for ${shareOf(lock, nameOf(lock))}, ${who}`;
}

function placesOf(
  { wait, before, taken, isLast }: Link,
  { rejected }: DeadlockViolation,
  nameOf: NameOf,
): readonly Place[] {
  const asked: Place = { label: `${nameOf(wait.lock)} asked`, site: wait.asked };
  const mark = rejected ? 'closed the circle: rejected' : 'closed the circle';
  return [
    ...(taken === undefined ? [] : [{ label: `${nameOf(before.lock)} taken`, site: taken.site }]),
    isLast ? { ...asked, mark } : asked,
  ];
}

/** What the owner holds besides. */
function othersLine({ wait, before }: Link, nameOf: NameOf): readonly string[] {
  const others = wait.held.filter(({ lock }) => lock.key !== before.lock.key);
  return others.length === 0
    ? []
    : wrap(`and holds ${list(others.map((one) => heldName(one, nameOf)))}`, { indent: '      ' });
}

/** In the order of time, as far as it is known: who takes what before anybody waits, and who waits last. */
function story({ rejected }: DeadlockViolation, links: readonly Link[], { nameOf, style }: Page): readonly string[] {
  const names = links.map(({ wait }) => wait.owner);
  const turns = [
    ...links.flatMap(({ before, taken }, actor) =>
      taken === undefined ? [] : [{ actor, text: `took ${shareOf(before.lock, nameOf(before.lock))}` }],
    ),
    ...links.map(({ wait }, actor) => ({ actor, text: `waits for ${shareOf(wait.lock, nameOf(wait.lock))}` })),
  ];
  const end = rejected ? 'rejected: the others go on' : links.length === 1 ? 'it cannot go on' : 'nobody can go on';
  return play({ names, turns, end, heading: 'How it locked up' }, style);
}

/** The step of who came last is the one to change: the others were there before. */
function remedy(links: readonly Link[], nameOf: NameOf): string {
  const last = links.at(-1);
  if (last === undefined) {
    return '';
  }
  const { wait, before, taken } = last;
  const wanted = nameOf(wait.lock);
  if (isPool(wait.lock) && before.lock.key === wait.lock.key) {
    return `${passDown({ taken: taken?.site ?? null, asked: wait.asked }, wanted)}.`;
  }
  const had = nameOf(before.lock);
  const asked = at(wait.asked);
  if (wait.holders.some(({ owner }) => owner === wait.owner)) {
    const instead = wait.lock.capacity > 1 ? 'take all units at once' : `call there what expects ${wanted} to be held`;
    const took = taken?.site ? `, taken${at(taken.site)},` : '';
    return `release ${wanted}${took} before it is asked for again${asked}; or ${instead}.`;
  }
  const release = `release ${had} before asking for ${wanted}${asked}`;
  if (new Set(links.map((link) => link.wait.lock.key)).size === 1) {
    const places = list([taken?.site, wait.asked].flatMap((site) => (site ? [place(site)] : [])));
    const where = places === '' ? '' : ` (${places})`;
    return `take the locks of ${wanted} in one order everywhere${where}: sorted by a key, or all at once with lockAll(); or release the one before asking for the other.`;
  }
  const other = links.find((link) => link.before === wait && link.wait.lock.key === before.lock.key);
  const as = other?.taken?.site ? `, as ${other.wait.owner} does${at(other.taken.site)}` : '';
  return `take ${wanted} before ${had}${at(taken?.site)}${as}; or ${release}.`;
}

function at(site: Site | null | undefined): string {
  return site ? ` at ${place(site)}` : '';
}
