/**
 * The blocks of locks that are released by the wrong hand, or never.
 */
import { isPool, shareOf } from '../../model/unit.ts';
import type { HeldAtExitViolation, ReleaseViolation } from '../../model/violation.ts';
import { MODES, place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { RELEASED } from '../part/pools.ts';
import { siteRows } from '../part/sites.ts';
import { DO, DONE, digits } from '../part/words.ts';

/** Everything below the headline and the sentence. */
export function releaseBlock(violation: ReleaseViolation, page: Page): Block {
  const places = placesOf(violation, page.nameOf).map((one, at) =>
    at === 0 ? { ...one, mark: markOf(violation) } : one,
  );
  return [
    siteRows(places, page.style),
    [
      ...heldLines(violation, page),
      ...tryLines(releaseRemedy(violation, shareOf(violation.lock, page.nameOf(violation.lock))), page),
    ],
  ];
}

function markOf({ rule, act, mismatch }: ReleaseViolation): string {
  switch (mismatch) {
    case 'mode':
      return act === 'downgrades' ? 'not held as exclusive' : 'in another mode than it is held';
    case 'interrupted':
      return 'held by the code that it interrupted';
    case null:
      return rule === 'bad-release' ? 'nobody holds it' : 'not its holder';
  }
}

function releaseRemedy(violation: ReleaseViolation, name: string): string {
  const { rule, act, lock, owner, released, lastReleased, holder } = violation;
  if (violation.mismatch !== null) {
    return mismatchRemedy(violation, name);
  }
  if (act !== 'releases') {
    return changeRemedy(violation, name);
  }
  if (rule === 'wrong-owner-release') {
    const who = holder === null ? 'the owner that took it' : holder.owner;
    const counting = lock.capacity > 1 ? ', or declare it as one that any owner may release' : '';
    return `let ${who} release ${name}, or hand it over to ${owner} explicitly${counting}.`;
  }
  if (lastReleased !== null) {
    const both = released ? ` ${place(released)} and ${place(lastReleased)}` : '';
    const how = isPool(lock) ? 'a finally block' : 'a finally block or with runExclusive';
    return `release ${name} once: keep one of the two releases${both}, best in ${how}.`;
  }
  if (isPool(lock)) {
    return `release ${name} only where it was taken, and once: one that is in the pool twice goes to two owners at once.`;
  }
  return `release ${name} only where it was taken: a release of a free lock can let two owners in at once.`;
}

/** A change of what is held: it can be made by the holder alone, before the release. */
function changeRemedy({ act, owner, released, lastReleased, holder }: ReleaseViolation, name: string): string {
  const where = released ? ` at ${place(released)}` : '';
  if (holder !== null) {
    return `let ${holder.owner} ${DO[act]} ${name}, or hand it over to ${owner} before it is ${DONE[act]}${where}.`;
  }
  const gone = lastReleased ? `, and before its release at ${place(lastReleased)}` : '';
  return `${DO[act]} ${name}${where} only while ${owner} holds it: after it is taken${gone}.`;
}

/** The owner does hold it: only the way, or the level of interrupts, is not the one in which it was taken. */
function mismatchRemedy(violation: ReleaseViolation, name: string): string {
  const { act, mismatch, holder, held, lock, released } = violation;
  const where = released ? ` at ${place(released)}` : '';
  if (mismatch === 'interrupted') {
    const taken = holder?.site ? ` (taken at ${place(holder.site)})` : '';
    return `${DO[act]} ${name}${taken} in the code that took it, not in the handler${where}: that code goes on as if it held it.`;
  }
  const mode = held.find((one) => one.lock.key === lock.key)?.mode;
  const way = mode === undefined ? '' : ` as ${MODES[mode]}`;
  const taken = holder?.site ? ` (${place(holder.site)})` : '';
  if (act !== 'releases') {
    const needed = act === 'downgrades' ? 'as exclusive' : 'in the mode for it';
    return `take ${name} ${needed}${taken}, or do not ${DO[act]} it${where}: there it is held${way}.`;
  }
  return `release ${name}${way}${where}, in the mode in which it was taken${taken}; or take it in the mode in which it is released.`;
}

/** Everything below the headline and the sentence. */
export function heldAtExitBlock(violation: HeldAtExitViolation, page: Page): Block {
  const name = page.nameOf(violation.lock);
  const where = violation.taken ? ` taken at ${place(violation.taken)}` : '';
  const { context } = violation;
  // What runs in a context is synchronous: nothing is awaited there.
  const how =
    context === null
      ? 'on every path out: in a finally block, with `await using`, or with a method that runs a function under the lock'
      : `on every path before what runs in ${context} returns, best in a finally block`;
  const poolRemedy = `release the connection of ${name}${where} ${RELEASED}. ${goneFor(violation.lock)}`;
  const mark = context === null ? 'never released' : `not released in ${context}`;
  return [
    siteRows(
      placesOf(violation, page.nameOf).map((one) => ({ ...one, mark })),
      page.style,
    ),
    tryLines(
      isPool(violation.lock)
        ? poolRemedy
        : `release ${name}${where} ${how}. Whoever asks for it next can wait for ever.`,
      page,
    ),
  ];
}

/** What it costs to lose connections, one after the other. */
function goneFor({ capacity }: HeldAtExitViolation['lock']): string {
  return capacity > 1 && Number.isFinite(capacity)
    ? `Each one that is not released is lost: after ${digits(capacity)} of them whoever asks for one waits for ever.`
    : 'Whoever asks for one after that waits for ever.';
}
