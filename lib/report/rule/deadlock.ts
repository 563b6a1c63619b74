/**
 * The block of owners that wait for each other: who holds what and asks for what, how it came about, and which step to change.
 */
import { actorOf, isSameActor } from '../../model/actor.ts';
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
import { holderInThread, ownThreadBlock } from './own-thread.ts';

/** A part of the circle: somebody who waits, and is waited for. */
interface Link {
  readonly wait: WaitRef;
  /** The wait of who is in the way of this one. */
  readonly next: WaitRef;
  /** The wait that this owner is in the way of. */
  readonly before: WaitRef;
  /** Where this owner took what is waited for there; `undefined` where it does not hold it, and is only ahead in the queue. */
  readonly taken: { readonly site: Site | null } | undefined;
  /** Whether its wait came last, as far as that is known. */
  readonly isClosing: boolean;
}

/** Everything below the headline and the sentence. */
export function deadlockBlock(violation: DeadlockViolation, page: Page): Block {
  const holder = holderInThread(violation);
  if (holder !== undefined) {
    return ownThreadBlock(violation, holder, page);
  }
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
    const taken = before.holders.find((holder) => isSameActor(holder, wait));
    return { wait, next, before, taken, isClosing: wait === closingOf(waits) };
  });
}

/** Over threads a circle is found by one of them that looks round, whoever came last. Else the last one closed it. */
function closingOf(waits: readonly WaitRef[]): WaitRef | undefined {
  return inTurn(waits).at(-1);
}

/** In the order in which they began to wait. */
function inTurn(waits: readonly WaitRef[]): readonly WaitRef[] {
  return isOverThreads(waits) ? [...waits].sort((one, other) => other.waited - one.waited) : waits;
}

function isOverThreads(waits: readonly WaitRef[]): boolean {
  return waits.some(({ thread }) => thread !== undefined);
}

function headOf({ wait, next }: Link, nameOf: NameOf): string {
  const { lock, waited, holders, isSpinning = false } = wait;
  const holds = holders.some((holder) => isSameActor(holder, next));
  const some = isPool(lock) && lock.capacity > 1 && (holds || next === wait);
  const which = some ? `${next === wait ? 'all' : 'one'} of which` : 'which';
  const who =
    next === wait ? `${which} it holds itself` : `${which} ${actorOf(next)} ${holds ? 'holds' : 'is to get first'}`;
  const [now, since, word] = isSpinning ? ['spins', 'has spun for', 'on'] : ['waits', 'has waited', 'for'];
  const waits = waited < 1 ? now : `${since} ${duration(waited)}`;
  return `${actorOf(wait)} ${waits} ${word} ${shareOf(lock, nameOf(lock))}, ${who}`;
}

function placesOf(link: Link, violation: DeadlockViolation, nameOf: NameOf): readonly Place[] {
  const { wait, before, taken } = link;
  const asked: Place = { label: `${nameOf(wait.lock)} asked`, site: wait.asked };
  const mark = markOf(link, violation);
  return [
    ...(taken === undefined ? [] : [{ label: `${nameOf(before.lock)} taken`, site: taken.site }]),
    mark === '' ? asked : { ...asked, mark },
  ];
}

function markOf({ wait, isClosing }: Link, { waits, rejected }: DeadlockViolation): string {
  const isRejected = rejected && wait === waits.at(-1);
  return [...(isClosing ? ['closed the circle'] : []), ...(isRejected ? ['rejected'] : [])].join(': ');
}

/** What the owner holds besides. */
function othersLine({ wait, before }: Link, nameOf: NameOf): readonly string[] {
  const others = wait.held.filter(({ lock }) => lock.key !== before.lock.key);
  return others.length === 0
    ? []
    : wrap(`and holds ${list(others.map((one) => heldName(one, nameOf)))}`, { indent: '      ' });
}

/** In the order of time, as far as it is known: who takes what before anybody waits, and who waits last. */
function story(violation: DeadlockViolation, links: readonly Link[], { nameOf, style }: Page): readonly string[] {
  const names = links.map(({ wait }) => actorOf(wait));
  const turns = [
    ...links.flatMap(({ before, taken }, actor) =>
      taken === undefined ? [] : [{ actor, text: `took ${shareOf(before.lock, nameOf(before.lock))}` }],
    ),
    ...inTurn(violation.waits).map((wait) => ({ actor: violation.waits.indexOf(wait), text: waitTurn(wait, nameOf) })),
  ];
  return play({ names, turns, end: endOf(violation), heading: 'How it locked up' }, style);
}

function endOf({ waits, rejected }: DeadlockViolation): string {
  const last = waits.at(-1);
  if (rejected && last !== undefined) {
    return `${last === closingOf(waits) ? '' : `${actorOf(last)} is `}rejected: the others go on`;
  }
  return waits.length === 1 ? 'it cannot go on' : 'nobody can go on';
}

function waitTurn({ lock, isSpinning = false }: WaitRef, nameOf: NameOf): string {
  return `${isSpinning ? 'spins on' : 'waits for'} ${shareOf(lock, nameOf(lock))}`;
}

/** The step of who came last is the one to change: the others were there before. */
function remedy(links: readonly Link[], nameOf: NameOf): string {
  const last = links.find(({ isClosing }) => isClosing);
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
  if (wait.holders.some((holder) => isSameActor(holder, wait))) {
    const instead = wait.lock.capacity > 1 ? 'take all units at once' : `call there what expects ${wanted} to be held`;
    const took = taken?.site ? `, taken${at(taken.site)},` : '';
    return `release ${wanted}${took} before it is asked for again${asked}; or ${instead}.`;
  }
  const release = `release ${had} before asking for ${wanted}${asked}`;
  if (new Set(links.map((link) => link.wait.lock.key)).size === 1) {
    const places = list([taken?.site, wait.asked].flatMap((site) => (site ? [place(site)] : [])));
    const where = places === '' ? '' : ` (${places})`;
    const how = isOverThreads([wait]) ? 'sorted by a key' : 'sorted by a key, or all at once with lockAll()';
    return `take the locks of ${wanted} in one order everywhere${where}: ${how}; or release the one before asking for the other.`;
  }
  const other = links.find((link) => link.before === wait && link.wait.lock.key === before.lock.key);
  const as = other?.taken?.site ? `, as ${actorOf(other.wait)} does${at(other.taken.site)}` : '';
  return `take ${wanted} before ${had}${at(taken?.site)}${as}; or ${release}.`;
}

function at(site: Site | null | undefined): string {
  return site ? ` at ${place(site)}` : '';
}
