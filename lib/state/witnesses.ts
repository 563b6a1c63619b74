/**
 * How an acquire is seen as a dependency on one of the locks that it is asked for under.
 */
import type { Attempt } from './attempt.ts';
import { dependencyKind, type RawWitness } from './dependencies.ts';
import { type Gates, gatesOf } from './gates.ts';
import { type HeldLock, takenAt } from './held.ts';
import { linkedHolders } from './links.ts';
import type { State } from './state.ts';

/** The kernel profile knows none. */
const NO_GATES: Gates = new Map();

/** The witness that an acquire is of the dependency on `holder`. */
export function witnessOf(state: State, { owner, held, mode, site }: Attempt, holder: HeldLock): RawWitness {
  const kind = dependencyKind(holder.mode, mode);
  const gates = state.profile === 'kernel' ? NO_GATES : gatesOf(held, holder);
  return { kind, owner, taken: takenAt(holder), asked: site, at: state.now(), gates };
}

/** The holders that the acquire makes a new dependency on, or one that broke a rule before, innermost first. */
export function newlyLinked(state: State, attempt: Attempt): readonly HeldLock[] {
  return linkedHolders(attempt).filter((holder) => {
    return !state.dependencies.isOld(holder.class, attempt.class, dependencyKind(holder.mode, attempt.mode));
  });
}
