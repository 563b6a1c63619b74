/**
 * Which held locks a new one depends on. Walking the stack down, each holder gets a dependency, and the first that could
 * have waited ends the walk: the deeper ones are linked through it. Not through a recursive reader, though: it arrived as
 * one and holds as one, and no strong path leads through both. (The kernel stops there, and does not see what is beyond.)
 */

import type { Attempt } from './attempt.ts';
import type { HeldLock } from './held.ts';

/** The holders that get a dependency to the wanted lock, innermost first. None for a try, which never waits. */
export function linkedHolders({ held, lock, try: isTry }: Attempt): readonly HeldLock[] {
  const linked: HeldLock[] = [];
  if (isTry) {
    return linked;
  }
  for (let at = held.length - 1; at >= 0; at--) {
    const holder = held[at] as HeldLock;
    // One class inside itself is the business of the same-class rules.
    if (holder.lock.class !== lock.class) {
      linked.push(holder);
    }
    if (!holder.try && holder.mode !== 'recursive-shared') {
      break;
    }
  }
  return linked;
}
