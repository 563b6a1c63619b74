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
export type { SharedOnceOptions } from './locks/shared/base/once-lock.ts';
export type {
  LockingOptions,
  RebuildOptions,
  SharedHolder,
  SharedLockOptions,
} from './locks/shared/base/shared-lock.ts';
export { CannotBlockError, NotHolderError, OwnerDiedError, RecursiveLockError } from './locks/shared/errors.ts';
export type { IrqLevelLockOptions } from './locks/shared/irq-level-lock.ts';
export { IrqLevelLock } from './locks/shared/irq-level-lock.ts';
export type { IrqPriority } from './locks/shared/irq-levels.ts';
export { LevelOrderError } from './locks/shared/level-order-error.ts';
export type { SharedLockHandle } from './locks/shared/memory/handle.ts';
export { sharedLocksReady } from './locks/shared/memory/space.ts';
export type { OnOwnedError } from './locks/shared/owned-errors.ts';
export { OwnedLockError } from './locks/shared/owned-errors.ts';
export type { OwnedLockOptions, OwnedRebuildOptions } from './locks/shared/owned-lock.ts';
export { OwnedLock } from './locks/shared/owned-lock.ts';
export { ParkingMutex } from './locks/shared/parking-mutex.ts';
export { setThreadPriority } from './locks/shared/priority.ts';
export { QueuedSpinLock } from './locks/shared/queued-spin-lock.ts';
export type { RacyView } from './locks/shared/racy-init.ts';
export { racyInit } from './locks/shared/racy-init.ts';
export type { RwSpinLockOptions } from './locks/shared/rw-spin-lock.ts';
export { RwSpinLock } from './locks/shared/rw-spin-lock.ts';
export { SharedCondition } from './locks/shared/shared-condition.ts';
export type { SharedLazyOptions } from './locks/shared/shared-lazy.ts';
export { SharedLazy } from './locks/shared/shared-lazy.ts';
export { SharedOnce } from './locks/shared/shared-once.ts';
export type { SharedRwLockOptions } from './locks/shared/shared-rw-lock.ts';
export { SharedRwLock } from './locks/shared/shared-rw-lock.ts';
export type { SharedSemaphoreOptions } from './locks/shared/shared-semaphore.ts';
export { SharedSemaphore } from './locks/shared/shared-semaphore.ts';
export type { SpinLockOptions } from './locks/shared/spin-lock.ts';
export { RawSpinLock, SpinLock } from './locks/shared/spin-lock.ts';
export { TicketLock } from './locks/shared/ticket-lock.ts';
export type { TimedLockingOptions } from './locks/shared/waiting/timed.ts';
export type { AsyncLockOptions, TryOptions, WaitOptions } from './locks/wait-options.ts';
export type { WwAlgorithm } from './locks/ww-algorithm.ts';
export type { WwLockOptions } from './locks/ww-asker.ts';
export type { WwClassOptions } from './locks/ww-class.ts';
export { WwClass } from './locks/ww-class.ts';
export type { WwContext } from './locks/ww-context.ts';
export type { WwMutex } from './locks/ww-mutex.ts';
export type { WwAnswer } from './locks/ww-transaction.ts';
export type { ContextDefinition, ContextKind } from './model/context.ts';
export type { Histogram } from './model/histogram.ts';
export type { KindDefinition, LockKind, ReaderRule, WaitType } from './model/kind.ts';
export type { ClassRef, DependencyKind, Mode, Site } from './model/lock.ts';
export type { Snapshot, SnapshotClass } from './model/snapshot.ts';
export type { ClassStats, ContendedSite, DurationStats, LongestHold, WaitedFor } from './model/stats.ts';
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
  OwnerDiedViolation,
  PlaceRef,
  PoolNestingViolation,
  PriorityInversionViolation,
  RecursionViolation,
  ReleaseViolation,
  RuleId,
  Severity,
  SplitKeyViolation,
  StalledViolation,
  StarvationViolation,
  ThreadHolder,
  UsageRef,
  Violation,
  WaitLimit,
  WaitRef,
  WaitViolation,
  Witness,
} from './model/violation.ts';
export type { Budget, Budgets, LockdepOptions, LockOptions, OwnerOptions } from './options.ts';
export { lockdep } from './owner/shared.ts';
export type { AcquireOptions, ContextName, EnterOptions, HeldView, IrqFlags, Pin, ReleaseOptions } from './owner.ts';
export { Owner } from './owner.ts';
export type { OnViolation } from './policy.ts';
export { LockdepError } from './policy.ts';
export { textReport } from './report/text-report.ts';
export type { Configuration } from './settings.ts';
export type { LockInstance as Lock } from './state/classes.ts';
export type { ClassProfile, ContendedAcquire, Profile } from './state/profile.ts';
export type { SiteResolver } from './state/site.ts';
