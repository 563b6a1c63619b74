/**
 * The event that acquire rules judge.
 */
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { LockInstance } from './classes.ts';
import type { HeldLock } from './held.ts';
import type { RawSite } from './site.ts';

/** Somebody asks for a lock: what every acquire rule judges. */
export interface Attempt {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  readonly mode: Mode;
  readonly units: number;
  readonly try: boolean;
  /** True as long as it is not known whether the holder will wait for this before it releases. */
  readonly tentative: boolean;
  /** True where the acquire was counted before, and is only judged anew. */
  readonly isCounted?: boolean;
  /** True where the lock is held already, and something below it was released: nobody asks for anything. */
  readonly isRetaken?: boolean;
  /** What the owner holds, outermost first. */
  readonly held: readonly HeldLock[];
  readonly site: RawSite;
}
