/**
 * Who holds what. A held stack belongs to one owner; nothing here decides anything.
 */

import type { HeldRef } from '../model/evidence.ts';
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { ChainNode } from './chains.ts';
import type { LockClass, LockInstance } from './classes.ts';
import type { RawSite, SiteResolver } from './site.ts';

/** One lock held, or asked for, by one owner. */
export interface HeldLock {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  /** The class that it is held as: that of the lock, or a subclass of it. */
  readonly class: LockClass;
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
  /** Further instances of the class that were taken after it under one guard. */
  readonly folded?: readonly LockInstance[] | undefined;
  /** True where it was taken under a guard, while another one of its class was held: it has no dependency on what is below. */
  readonly isGuarded?: boolean;
}

/** Where a held lock was taken: its own site, else that of the first time this chain was seen. */
export function takenAt(held: HeldLock): RawSite | null {
  return held.site ?? held.chain.site;
}

/** True if this is, or has folded into it, the lock. */
export function isOf({ lock, folded }: HeldLock, wanted: LockInstance): boolean {
  return lock === wanted || folded?.includes(wanted) === true;
}

export function heldRef(held: HeldLock, resolver: SiteResolver): HeldRef {
  return { lock: held.class.ref, mode: held.mode, site: takenAt(held)?.resolve(resolver) ?? null };
}
