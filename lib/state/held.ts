/**
 * Who holds what. A held stack belongs to one owner; nothing here decides anything.
 */

import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { HeldRef } from '../model/violation.ts';
import type { ChainNode } from './chains.ts';
import type { LockInstance } from './classes.ts';
import type { RawSite, SiteResolver } from './site.ts';

/** One lock held, or asked for, by one owner. */
export interface HeldLock {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  readonly mode: Mode;
  /** Units held: 1 unless the lock counts. */
  readonly units: number;
  /** True when it was taken without waiting. */
  readonly try: boolean;
  /** Where it was taken; `null` where the step was known before and sites were not asked for. */
  readonly site: RawSite | null;
  /** The chain that ends with this lock. */
  readonly chain: ChainNode;
  /** What tells this acquire from others where several flows can share one; `null` where none can. */
  readonly acquire: object | null;
}

/** Where a held lock was taken: its own site, else that of the first time this chain was seen. */
export function takenAt(held: HeldLock): RawSite | null {
  return held.site ?? held.chain.site;
}

export function heldRef(held: HeldLock, resolver: SiteResolver): HeldRef {
  return { lock: held.lock.class.ref, mode: held.mode, site: takenAt(held)?.resolve(resolver) ?? null };
}
