/**
 * The event that the rules about pins judge.
 */
import type { OwnerRef } from '../model/owner.ts';
import type { LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';

/** A pin is put on or taken off. */
export interface Pinning {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  readonly held: readonly HeldLock[];
  readonly act: 'pins' | 'unpins';
  /** What is wrong with it, `null` where the cookie is that of a pin of this lock. */
  readonly fault: 'not-held' | 'not-pinned' | 'other-cookie' | null;
  readonly site: RawSite;
  /** Where it was pinned, where it is. */
  readonly pinned: RawSite | null;
}
