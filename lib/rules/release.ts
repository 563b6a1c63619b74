/**
 * The two ways to release wrongly, told apart by whether anybody holds the lock.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { ReleaseViolation } from '../model/violation.ts';
import type { LockInstance } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

/** An owner releases a lock that it does not hold. */
export interface StrayRelease {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  readonly held: readonly HeldLock[];
  /** Who holds it, if anybody does. */
  readonly holder: HeldLock | undefined;
  readonly site: RawSite;
  readonly lastReleased: RawSite | null;
  /** True where the owner is known for certain; where it was inferred the finding is no more than a warning. */
  readonly exact: boolean;
}

export function describeRelease(
  state: State,
  event: StrayRelease,
  rule: ReleaseViolation['rule'],
): readonly ReleaseViolation[] {
  const { owner, lock, holder } = event;
  const ref = lock.class.ref;
  const released = resolve(state, event.site);
  const lastReleased = resolve(state, event.lastReleased);
  const taken = holder === undefined ? null : resolve(state, takenAt(holder));
  const base = finding(state, {
    rule,
    severity: event.exact || rule === 'bad-release' ? 'error' : 'warning',
    confidence: event.exact || rule === 'bad-release' ? 'certain' : 'possible',
    message: `${owner.name} releases ${lock.name}, which ${holder ? `${holder.owner.name} holds` : 'nobody holds'}.`,
    owner,
    held: event.held,
    sites: [released, taken, lastReleased],
    identity: [classAnchor(ref), placeKey(released)],
  });
  const by = holder === undefined ? null : { owner: holder.owner.name, site: taken };
  return [{ ...base, lock: ref, released, holder: by, lastReleased }];
}
