/**
 * lockdep: watches the order in which a program takes its locks, and proves from one quiet run which deadlocks are possible.
 */

export type { WatchOptions } from './adapters/by-hand.ts';
export { watch } from './adapters/by-hand.ts';
export type { GraphlibGraph } from './graph/digraph.ts';
export type { CurrentOwner } from './lockdep.ts';
export { createLockdep, Lockdep } from './lockdep.ts';
export { Barrier } from './locks/barrier.ts';
export { Condition } from './locks/condition.ts';
export { BrokenBarrierError, DeadlockError, LockTimeoutError } from './locks/errors.ts';
export type { Guard } from './locks/guard.ts';
export type { KeyedMutexOptions } from './locks/keyed-mutex.ts';
export { KeyedMutex } from './locks/keyed-mutex.ts';
export { Latch } from './locks/latch.ts';
export type { LockAll } from './locks/lock-all.ts';
export { lockAll } from './locks/lock-all.ts';
export { Mutex } from './locks/mutex.ts';
export { Once } from './locks/once.ts';
export type { ReadGuard, WriteGuard } from './locks/rw-guard.ts';
export { RwLock } from './locks/rw-lock.ts';
export type { SemaphoreOptions, SemaphoreWaitOptions } from './locks/semaphore.ts';
export { Semaphore } from './locks/semaphore.ts';
export type { AsyncLockOptions, TryOptions, WaitOptions } from './locks/wait-options.ts';
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
  DeadlockViolation,
  HeldAtExitViolation,
  HeldRef,
  IrqInconsistentViolation,
  IrqPathViolation,
  LeaseExpiredViolation,
  LimitRule,
  LimitViolation,
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
  SplitKeyViolation,
  StalledViolation,
  UsageRef,
  Violation,
  WaitLimit,
  WaitRef,
  WaitViolation,
  Witness,
} from './model/violation.ts';
export type { LockdepOptions, LockOptions, OwnerOptions } from './options.ts';
export { lockdep } from './owner/shared.ts';
export type { AcquireOptions, ContextName, EnterOptions, HeldView, IrqFlags, Pin, ReleaseOptions } from './owner.ts';
export { Owner } from './owner.ts';
export type { OnViolation } from './policy.ts';
export { LockdepError } from './policy.ts';
export { textReport } from './report/text-report.ts';
export type { Configuration } from './settings.ts';
export type { LockInstance as Lock } from './state/classes.ts';
export type { SiteResolver } from './state/site.ts';
