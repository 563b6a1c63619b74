/**
 * What the assertions about held locks say when they fail.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { AssertViolation } from '../model/violation.ts';
import type { LockInstance } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

/** An owner claims something about a lock. */
export interface Claim {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  /** What the owner holds, outermost first. */
  readonly held: readonly HeldLock[];
  /** Who holds the lock, if anybody does. */
  readonly holder: HeldLock | undefined;
  readonly site: RawSite;
}

export function describeAssertion(
  state: State,
  claim: Claim,
  { rule, fact }: { rule: AssertViolation['rule']; fact: string },
): readonly AssertViolation[] {
  const { owner, lock, holder } = claim;
  const ref = lock.class.ref;
  const asserted = resolve(state, claim.site);
  const taken = holder === undefined ? null : resolve(state, takenAt(holder));
  const base = finding(state, {
    rule,
    severity: 'error',
    confidence: 'certain',
    message: `${owner.name} ${fact}${holder ? `; ${holder.owner.name} holds it` : ''}.`,
    owner,
    held: claim.held,
    sites: [asserted, taken],
    identity: [classAnchor(ref), placeKey(asserted)],
  });
  return [
    { ...base, lock: ref, asserted, holder: holder === undefined ? null : { owner: holder.owner.name, site: taken } },
  ];
}
