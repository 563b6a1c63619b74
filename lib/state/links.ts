/**
 * Which held locks a new one depends on. Walking the stack down, each holder gets a dependency, and the first that could
 * have waited ends the walk: the deeper ones are linked through it. Not through a recursive reader, though: it arrived as
 * one and holds as one, and no strong path leads through both. (The kernel stops there, and does not see what is beyond.)
 */

import type { Attempt } from './attempt.ts';
import type { HeldLock } from './held.ts';

/** The holders that the next wait goes through, innermost first. */
export function nearestHolders<Holder extends Pick<HeldLock, 'try' | 'mode'>>(
  held: readonly Holder[],
): readonly Holder[] {
  const last = held.findLastIndex((holder) => !holder.try && holder.mode !== 'recursive-shared');
  return held.slice(Math.max(last, 0)).reverse();
}

/** The holders that get a dependency to the wanted lock, innermost first. None for a try, which never waits. */
export function linkedHolders({ held, lock, try: isTry }: Attempt): readonly HeldLock[] {
  // One class inside itself is the business of the same-class rules.
  return isTry ? [] : nearestHolders(held).filter((holder) => holder.lock.class !== lock.class);
}
