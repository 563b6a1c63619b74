/**
 * lockdep: watches the order in which a program takes its locks, and proves from one quiet run which deadlocks are possible.
 */

export type { GraphlibGraph } from './graph/digraph.ts';
export { createLockdep, Lockdep } from './lockdep.ts';
export type { ClassRef, DependencyKind, Mode, Site } from './model/lock.ts';
export type { Snapshot } from './model/snapshot.ts';
export type {
  AssertViolation,
  Confidence,
  CycleEdge,
  HeldAtExitViolation,
  HeldRef,
  OrderCycleViolation,
  PoolNestingViolation,
  RecursionViolation,
  ReleaseViolation,
  RuleId,
  Severity,
  StalledViolation,
  Violation,
  Witness,
} from './model/violation.ts';
export type { LockdepOptions, LockOptions } from './options.ts';
export type { AcquireOptions, HeldView } from './owner.ts';
export { Owner } from './owner.ts';
export type { OnViolation } from './policy.ts';
export { LockdepError } from './policy.ts';
export type { LockInstance as Lock } from './state/classes.ts';
export type { SiteResolver } from './state/site.ts';
