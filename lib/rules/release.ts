/**
 * The ways to release wrongly, told apart by whether anybody holds the lock, and how.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import { shareOf } from '../model/unit.ts';
import type { ReleaseViolation } from '../model/violation.ts';
import type { LockInstance } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

/** An owner gives a lock back, or up: it releases, downgrades or re-classes it. */
export interface Release {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  readonly held: readonly HeldLock[];
  /** What the owner holds of it itself. */
  readonly entry?: HeldLock | undefined;
  /** Who holds it, if anybody does. */
  readonly holder: HeldLock | undefined;
  /** The mode that it is released in, where that is said. */
  readonly mode?: Mode | undefined;
  /** Where it was pinned; absent if it is not. */
  readonly pin?: RawSite | null | undefined;
  /** True where it was taken by the code that the owner interrupted. */
  readonly isInterrupted?: boolean;
  readonly site: RawSite;
  /** Where it was last taken and released before. */
  readonly lastTaken?: RawSite | null;
  readonly lastReleased: RawSite | null;
  /** @default 'releases' */
  readonly verb?: ReleaseViolation['act'];
  /** True where the owner is known for certain; where it was inferred the finding is no more than a warning. */
  readonly exact: boolean;
}

export function describeRelease(
  state: State,
  event: Release,
  { rule, mismatch = null }: Pick<ReleaseViolation, 'rule'> & Partial<Pick<ReleaseViolation, 'mismatch'>>,
): readonly ReleaseViolation[] {
  const { owner, lock, holder, lastTaken = null } = event;
  const ref = (event.entry?.class ?? lock.class).ref;
  const released = resolve(state, event.site);
  const [lastReleased, last] = [resolve(state, event.lastReleased), resolve(state, lastTaken)];
  const taken = holder === undefined ? null : resolve(state, takenAt(holder));
  const isCertain = event.exact || rule === 'bad-release';
  const base = finding(state, {
    rule,
    severity: isCertain ? 'error' : 'warning',
    confidence: isCertain ? 'certain' : 'possible',
    message: message(event, mismatch),
    owner,
    held: event.held,
    sites: [released, taken, lastReleased, last],
    identity: [classAnchor(ref), placeKey(released)],
  });
  const by = holder === undefined ? null : { owner: holder.owner.name, site: taken };
  return [
    {
      ...base,
      lock: ref,
      released,
      holder: by,
      lastTaken: last,
      lastReleased,
      act: event.verb ?? 'releases',
      mismatch,
    },
  ];
}

function message(
  { owner, lock, holder, mode, verb = 'releases' }: Release,
  mismatch: ReleaseViolation['mismatch'],
): string {
  const fact = `${owner.name} ${verb} ${shareOf(lock.class.ref)}`;
  if (mismatch === 'mode') {
    return `${fact}, which it holds as ${holder?.mode}, not as ${mode}.`;
  }
  if (mismatch === 'interrupted') {
    return `${fact}, which the code that it interrupted holds.`;
  }
  return `${fact}, which ${holder ? `${holder.owner.name} holds` : 'nobody holds'}.`;
}
