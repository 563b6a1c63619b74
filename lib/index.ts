/**
 * lockdep: watches the order in which a program takes its locks, and proves from one quiet run which deadlocks are possible.
 */

export type { GraphlibGraph } from './graph/digraph.ts';
export type { CurrentOwner } from './lockdep.ts';
export { createLockdep, Lockdep } from './lockdep.ts';
export type { WwAlgorithm } from './locks/ww-algorithm.ts';
export type { WwLockOptions } from './locks/ww-asker.ts';
export type { WwClassOptions } from './locks/ww-class.ts';
export { WwClass } from './locks/ww-class.ts';
export type { WwContext } from './locks/ww-context.ts';
export type { WwMutex } from './locks/ww-mutex.ts';
export type { WwAnswer } from './locks/ww-transaction.ts';
export type { ContextDefinition, ContextKind } from './model/context.ts';
export type { KindDefinition, LockKind, ReaderRule, WaitType } from './model/kind.ts';
export type { ClassRef, DependencyKind, Mode, Site } from './model/lock.ts';
export type { Snapshot } from './model/snapshot.ts';
export type {
  AssertRule,
  AssertViolation,
  Confidence,
  CycleEdge,
  HeldAtExitViolation,
  HeldRef,
  IrqInconsistentViolation,
  IrqPathViolation,
  MisuseRule,
  MisuseViolation,
  OrderCycleViolation,
  OrderRule,
  OrderRuleViolation,
  PlaceRef,
  PoolNestingViolation,
  RecursionViolation,
  ReleaseViolation,
  RuleId,
  Severity,
  StalledViolation,
  UsageRef,
  Violation,
  WaitLimit,
  WaitViolation,
  Witness,
} from './model/violation.ts';
export type { LockdepOptions, LockOptions, OwnerOptions } from './options.ts';
export type { AcquireOptions, ContextName, EnterOptions, HeldView, IrqFlags, Pin, ReleaseOptions } from './owner.ts';
export { Owner } from './owner.ts';
export type { OnViolation } from './policy.ts';
export { LockdepError } from './policy.ts';
export { textReport } from './report/text-report.ts';
export type { LockInstance as Lock } from './state/classes.ts';
export type { SiteResolver } from './state/site.ts';
