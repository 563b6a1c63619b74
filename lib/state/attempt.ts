/**
 * The event that acquire rules judge.
 */
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { LockClass, LockInstance } from './classes.ts';
import type { Situation } from './contexts.ts';
import type { HeldLock } from './held.ts';
import type { RawSite } from './site.ts';
import type { Usage } from './usage.ts';

/** Somebody uses locks in ways that contexts matter for. */
export interface Marking {
  readonly owner: OwnerRef;
  /** What the owner holds, outermost first. */
  readonly held: readonly HeldLock[];
  /** What is new of it, or broke a rule before. */
  readonly usages?: readonly Usage[];
  readonly site: RawSite;
}

/** Somebody asks for a lock: what every acquire rule judges. */
export interface Attempt extends Marking {
  readonly lock: LockInstance;
  /** The class that it is taken as: that of the lock, or a subclass of it. */
  readonly class: LockClass;
  readonly mode: Mode;
  readonly units: number;
  readonly try: boolean;
  /** The guard that nesting in its own class is said to be safe under. */
  readonly nest?: LockInstance | null;
  /** True where that guard is held, and something of the class is. */
  readonly isGuarded?: boolean;
  /** That of a task if absent. */
  readonly situation?: Situation;
  /** True as long as it is not known whether the holder will wait for this before it releases. */
  readonly tentative: boolean;
  /** What the owner does, after its name, where it is not plainly asking for a lock. */
  readonly fact?: string;
  /** True where the acquire was counted before, and is only judged anew. */
  readonly isCounted?: boolean;
  /** True where the lock is held already, and something below it was released: nobody asks for anything. */
  readonly isRetaken?: boolean;
  /** True where what is held already is held in another way from now on. */
  readonly isChanged?: boolean;
}
