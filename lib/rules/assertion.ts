/**
 * What the assertions about locks, owners and contexts say when they fail. They look at what is the case, never at what was reported.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { AssertRule, AssertViolation } from '../model/violation.ts';
import type { LockInstance } from '../state/classes.ts';
import type { Situation } from '../state/contexts.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

/** An owner claims something about itself. */
export interface OwnerClaim {
  readonly owner: OwnerRef;
  /** What the owner holds, outermost first. */
  readonly held: readonly HeldLock[];
  readonly situation: Situation;
  readonly site: RawSite;
}

/** An owner claims something about a lock. */
export interface Claim extends Omit<OwnerClaim, 'situation'> {
  readonly lock: LockInstance;
  /** How it must be held, where that is said. */
  readonly wanted?: 'exclusive' | 'shared' | undefined;
  /** Who holds the lock, if anybody does. */
  readonly holder: HeldLock | undefined;
}

export interface FailedClaim {
  readonly rule: AssertRule;
  /** What is the case, after the name of the owner. */
  readonly fact: string;
  /** What tells it from another one at the same place. */
  readonly detail?: string;
}

export function describeAssertion(
  state: State,
  claim: Pick<OwnerClaim, 'owner' | 'held' | 'site'> &
    Partial<Pick<Claim, 'lock'>> & { readonly holder?: HeldLock | undefined },
  { rule, fact, detail }: FailedClaim,
): readonly AssertViolation[] {
  const { owner, holder } = claim;
  const lock = claim.lock?.class.ref ?? null;
  const asserted = resolve(state, claim.site);
  const taken = holder === undefined ? null : resolve(state, takenAt(holder));
  const other = holder !== undefined && holder.owner !== owner ? `; ${holder.owner.name} holds it` : '';
  const base = finding(state, {
    rule,
    severity: 'error',
    confidence: 'certain',
    message: `${owner.name} ${fact}${other}.`,
    owner,
    held: claim.held,
    sites: [asserted, taken],
    identity: [lock === null ? (detail ?? '') : classAnchor(lock), placeKey(asserted)],
  });
  const by = holder === undefined ? null : { owner: holder.owner.name, site: taken };
  return [{ ...base, lock, asserted, holder: by }];
}
