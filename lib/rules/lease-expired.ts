/**
 * `lease-expired`: an owner uses a lock as its holder after the lease of it has run out. From the end of the lease on the lock was anybody's:
 * a warning, unless another owner is known to have been granted it in between.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { LeaseExpiredViolation } from '../model/violation.ts';
import type { LockInstance } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

/** A lock with a lease is released, extended or used after the lease has run out. */
export interface LateUse {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  /** Where the owner does that. */
  readonly site: RawSite | null;
  readonly taken: RawSite | null;
  /** Milliseconds since the end of the lease. */
  readonly expiredForMs: number;
  /** @default 'releases' */
  readonly act?: LeaseExpiredViolation['act'];
  /** What was granted of the lock to another owner since then, where that was seen. */
  readonly successor?: HeldLock | undefined;
  /** What the owner holds, outermost first. @default [] */
  readonly held?: readonly HeldLock[];
}

const FACTS: Readonly<Record<LeaseExpiredViolation['act'], (name: string) => string>> = {
  releases: (name) => `releases ${name} after its lease has run out`,
  extends: (name) => `extends the lease of ${name} after it has run out`,
  uses: (name) => `relies on ${name} after its lease has run out`,
};

export function leaseExpired(state: State, event: LateUse): readonly LeaseExpiredViolation[] {
  const { owner, lock, expiredForMs, act = 'releases', held = [] } = event;
  const ref = lock.class.ref;
  const done = resolve(state, event.site);
  const taken = resolve(state, event.taken);
  const successor = successorOf(state, event);
  const since = successor === null ? '' : `, and ${successor.owner} was granted it in between`;
  const base = finding(state, {
    rule: 'lease-expired',
    severity: successor === null ? 'warning' : 'error',
    confidence: successor === null ? 'possible' : 'certain',
    message: `${owner.name} ${FACTS[act](ref.name)}${since}.`,
    owner,
    held,
    sites: [done, taken, ...(successor === null ? [] : [successor.site])],
    // What is only possible must not hide what was seen to happen at the same place.
    identity: [classAnchor(ref), act, placeKey(done ?? taken), ...(successor === null ? [] : ['granted'])],
  });
  return [{ ...base, lock: ref, act, done, taken, expiredForMs, successor }];
}

function successorOf(state: State, { successor }: LateUse): LeaseExpiredViolation['successor'] {
  return successor === undefined ? null : { owner: successor.owner.name, site: resolve(state, takenAt(successor)) };
}
