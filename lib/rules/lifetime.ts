/**
 * The event that the rules about the life of a lock judge.
 */
import type { OwnerRef } from '../model/owner.ts';
import type { LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';

/** A lock is initialised, destroyed or used. */
export interface LifeEvent {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  readonly act: 'init' | 'destroy' | 'acquire' | 'release';
  readonly held: readonly HeldLock[];
  /** Who holds it, if anybody does. */
  readonly holder: HeldLock | undefined;
  readonly site: RawSite;
}

/** What it is called in a sentence. */
export const VERBS: Readonly<Record<LifeEvent['act'], string>> = {
  init: 'initialises',
  destroy: 'destroys',
  acquire: 'takes',
  release: 'releases',
};
