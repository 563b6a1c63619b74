/**
 * `split-key`: a second lock is used for a key while the first one is in use. A map of locks that drops the entry of a key too early hands
 * out a new lock to whoever comes next, and nothing keeps the owners of the two apart.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import { shorten } from '../model/shorten.ts';
import type { SplitKeyViolation } from '../model/violation.ts';
import type { LockInstance } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

/** A lock is asked for while another one for the same key is in use. */
export interface SplitKey {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  readonly key: string;
  /** Who holds, or waits for, the other lock. */
  readonly other: HeldLock;
  /** True where the other one waits for its lock. @default false */
  readonly isWaiting?: boolean;
  readonly site: RawSite | null;
  /** What the owner holds, outermost first. */
  readonly held: readonly HeldLock[];
}

const MOST_KEPT = 300;
const MOST_TOLD = 48;

export function splitKey(state: State, event: SplitKey): readonly SplitKeyViolation[] {
  const { owner, lock, key, other, isWaiting = false, held } = event;
  const ref = lock.class.ref;
  const asked = resolve(state, event.site);
  const first = resolve(state, takenAt(other));
  const act = isWaiting ? 'waits' : 'holds';
  const who = other.owner === owner ? 'it' : other.owner.name;
  const base = finding(state, {
    rule: 'split-key',
    severity: 'error',
    confidence: 'certain',
    message: `${owner.name} asks for a second lock of ${ref.name} for the key '${shorten(key, MOST_TOLD)}' while ${who} ${isWaiting ? 'waits for' : 'holds'} the first one.`,
    owner,
    held,
    sites: [asked, first],
    // One map is at fault, whichever key it was seen with.
    identity: [classAnchor(ref), placeKey(asked), placeKey(first)],
  });
  return [
    {
      ...base,
      lock: ref,
      lockKey: shorten(key, MOST_KEPT),
      asked,
      other: { owner: other.owner.name, site: first, act },
    },
  ];
}
