/**
 * What is found of locks that are used in a way that does not keep others out.
 */
import type { ViolationBase } from './evidence.ts';
import type { ClassRef, Site } from './lock.ts';

/** Two locks in use for one key of one class: neither keeps the owners of the other out. */
export interface SplitKeyViolation extends ViolationBase {
  readonly rule: 'split-key';
  readonly lock: ClassRef;
  /** The key, cut in its middle where it is very long. */
  readonly lockKey: string;
  /** Where the second lock was asked for. */
  readonly asked: Site | null;
  /** Who uses the first lock, and where it was taken, or asked for. */
  readonly other: { readonly owner: string; readonly site: Site | null; readonly act: 'holds' | 'waits' };
}

/** A lock with a lease that was used as held after the lease had run out. */
export interface LeaseExpiredViolation extends ViolationBase {
  readonly rule: 'lease-expired';
  readonly lock: ClassRef;
  /** What the owner did with it then. */
  readonly act: 'releases' | 'extends' | 'uses';
  /** Where the owner did that. */
  readonly done: Site | null;
  readonly taken: Site | null;
  /** Milliseconds since the end of the lease, when it was first seen. */
  readonly expiredForMs: number;
  /** Who was granted the lock in between, and where, as far as that was seen. */
  readonly successor: { readonly owner: string; readonly site: Site | null } | null;
}
