/**
 * Which held locks a new one depends on. Walking the stack down, each holder gets a dependency, and the first that could
 * have waited ends the walk: the deeper ones are linked through it. Not through a recursive reader, though: it arrived as
 * one and holds as one, and no strong path leads through both; nor through a lock that each CPU has for itself, which the
 * searches of the interrupt rules do not pass; nor through one that a guard let in, which was not linked itself. (The kernel stops at both, and does not see what is beyond.)
 * The walk ends where an interrupt begins: what the interrupted code holds is the business of the interrupt rules.
 */

import type { Attempt } from './attempt.ts';
import type { Situation } from './contexts.ts';
import type { HeldLock } from './held.ts';

/** The holders that the next wait goes through, innermost first. */
export function nearestHolders<Holder extends Pick<HeldLock, 'try' | 'mode' | 'class' | 'isGuarded'>>(
  held: readonly Holder[],
): readonly Holder[] {
  const ordered = held.filter((holder) => holder.class.kind.ordered);
  const last = ordered.findLastIndex((holder) => {
    return !holder.try && holder.mode !== 'recursive-shared' && holder.class.kind.irq !== 'local' && !holder.isGuarded;
  });
  return ordered.slice(Math.max(last, 0)).reverse();
}

/** What was taken since the last context was entered or left. */
export function inSection<Holder extends Pick<HeldLock, 'chain'>>(
  held: readonly Holder[],
  situation: Situation | undefined,
): readonly Holder[] {
  if (situation === undefined) {
    return held;
  }
  const last = held.findLastIndex(({ chain }) => chain.situation.section !== situation.section);
  return last < 0 ? held : held.slice(last + 1);
}

/** True if the acquire asks for nothing that could be linked: it does not wait, or a guard decides. */
function isUnlinked({ try: isTry, class: lockClass, isGuarded = false }: Attempt): boolean {
  return isTry || isGuarded || !lockClass.kind.ordered;
}

/** All holders that the wanted lock is asked for under, outermost first. None for a try, which never waits. */
export function holdersBelow(attempt: Attempt): readonly HeldLock[] {
  // One class inside itself is the business of the same-class rules.
  return isUnlinked(attempt)
    ? []
    : inSection(attempt.held, attempt.situation).filter(
        ({ class: held }) => held.kind.ordered && held !== attempt.class,
      );
}

/** The holders that get a dependency to the wanted lock, innermost first. */
export function linkedHolders(attempt: Attempt): readonly HeldLock[] {
  return isUnlinked(attempt)
    ? []
    : nearestHolders(inSection(attempt.held, attempt.situation)).filter((holder) => holder.class !== attempt.class);
}
