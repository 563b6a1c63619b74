/**
 * `pool-nesting`: an owner that holds units of a counting resource asks the same resource for more. As many owners as
 * there are units, doing so at once, wait for each other for ever. One nesting is enough to know it.
 */
import { classAnchor } from '../model/fingerprint.ts';
import { isPool } from '../model/unit.ts';
import type { Violation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

export function poolNesting(state: State, attempt: Attempt): readonly Violation[] {
  const { lock, units } = attempt;
  if (attempt.try || attempt.tentative || lock.capacity <= 1 || !Number.isFinite(lock.capacity)) {
    return [];
  }
  const same = attempt.held.filter((held) => held.lock === lock);
  const innermost = same.at(-1);
  if (innermost === undefined) {
    return [];
  }
  const held = same.reduce((sum, one) => sum + one.units, 0);
  return [describe(state, attempt, { innermost, ownersNeeded: ownersToBlock(lock.capacity, held, units) })];
}

/**
 * The smallest number of owners that can block each other: so many that, with all but the last one holding `held` units, too
 * few of `capacity` are left. The last one need not hold any: on a first-come-first-served queue the others wait behind it.
 */
function ownersToBlock(capacity: number, held: number, wanted: number): number {
  return wanted > capacity ? 1 : Math.floor((capacity - wanted) / held) + 1;
}

interface Nesting {
  readonly innermost: HeldLock;
  readonly ownersNeeded: number;
}

function describe(state: State, attempt: Attempt, { innermost, ownersNeeded }: Nesting): Violation {
  const { lock, owner } = attempt;
  const ref = attempt.class.ref;
  const taken = resolve(state, takenAt(innermost));
  const asked = resolve(state, attempt.site);
  const base = finding(state, {
    rule: 'pool-nesting',
    severity: 'error',
    confidence: ownersNeeded === 1 ? 'certain' : 'possible',
    message: `${owner.name} asks ${lock.name} for ${isPool(ref) ? 'one more connection while holding one' : 'one more while holding part of it'}.`,
    owner,
    held: attempt.held,
    sites: [asked, taken],
    identity: [classAnchor(ref), placeKey(asked)],
  });
  return { ...base, lock: ref, capacity: lock.capacity, ownersNeeded, taken, asked };
}
