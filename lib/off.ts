/**
 * lockdep switched off, for builds that must not pay for it: the same names, the same locks, and nothing is recorded.
 */
import type { WatchOptions } from './adapters/by-hand.ts';
import { createLockdep as create, type Lockdep } from './lockdep.ts';
import { Barrier as AnyBarrier } from './locks/barrier.ts';
import { KeyedMutex as AnyKeyedMutex, type KeyedMutexOptions } from './locks/keyed-mutex.ts';
import { Latch as AnyLatch } from './locks/latch.ts';
import { Mutex as AnyMutex } from './locks/mutex.ts';
import { Once as AnyOnce } from './locks/once.ts';
import { RwLock as AnyRwLock } from './locks/rw-lock.ts';
import { Semaphore as AnySemaphore, type SemaphoreOptions } from './locks/semaphore.ts';
import { IrqLevelLock as AnyIrqLevelLock } from './locks/shared/irq-level-lock.ts';
import { OwnedLock as AnyOwnedLock } from './locks/shared/owned-lock.ts';
import { ParkingMutex as AnyParkingMutex } from './locks/shared/parking-mutex.ts';
import { QueuedSpinLock as AnyQueuedSpinLock } from './locks/shared/queued-spin-lock.ts';
import { RwSpinLock as AnyRwSpinLock } from './locks/shared/rw-spin-lock.ts';
import { SharedCondition as AnySharedCondition } from './locks/shared/shared-condition.ts';
import { SharedLazy as AnySharedLazy } from './locks/shared/shared-lazy.ts';
import { SharedOnce as AnySharedOnce } from './locks/shared/shared-once.ts';
import { SharedRwLock as AnySharedRwLock } from './locks/shared/shared-rw-lock.ts';
import { SharedSemaphore as AnySharedSemaphore } from './locks/shared/shared-semaphore.ts';
import { RawSpinLock as AnyRawSpinLock, SpinLock as AnySpinLock } from './locks/shared/spin-lock.ts';
import { TicketLock as AnyTicketLock } from './locks/shared/ticket-lock.ts';
import { unchecked } from './locks/shared/unchecked.ts';
import type { AsyncLockOptions } from './locks/wait-options.ts';
import type { LockdepOptions } from './options.ts';

export type * from './index.ts';
export { Lockdep } from './lockdep.ts';
export { Condition } from './locks/condition.ts';
export { BrokenBarrierError, DeadlockError, LockTimeoutError } from './locks/errors.ts';
export { lockAll } from './locks/lock-all.ts';
export { CannotBlockError, NotHolderError, OwnerDiedError, RecursiveLockError } from './locks/shared/errors.ts';
export { LevelOrderError } from './locks/shared/level-order-error.ts';
export { sharedLocksReady } from './locks/shared/memory/space.ts';
export { OwnedLockError } from './locks/shared/owned-errors.ts';
export { setThreadPriority } from './locks/shared/priority.ts';
export { racyInit } from './locks/shared/racy-init.ts';
export { WwClass } from './locks/ww-class.ts';
export { Owner } from './owner.ts';
export { LockdepError } from './policy.ts';
export { textReport } from './report/text-report.ts';

/** A checker that checks nothing. */
export function createLockdep(options?: LockdepOptions): Lockdep {
  const made = create(options);
  made.switchOff();
  return made;
}

/** The default checker: one that checks nothing. */
export const lockdep: Lockdep = createLockdep();

/** Watches nothing. */
export function watch<One extends object>(lock: One, _name: string, _options?: WatchOptions): One {
  return lock;
}

const off = <Options extends AsyncLockOptions>(options: Options | undefined): Options & { lockdep: Lockdep } => {
  return { ...(options as Options), lockdep };
};

export class Mutex extends AnyMutex {
  constructor(name?: string, options?: AsyncLockOptions) {
    super(name, off(options));
  }
}

export class RwLock extends AnyRwLock {
  constructor(name?: string, options?: AsyncLockOptions) {
    super(name, off(options));
  }
}

export class Semaphore extends AnySemaphore {
  constructor(name?: string, options?: SemaphoreOptions) {
    super(name, off(options));
  }
}

export class KeyedMutex<K> extends AnyKeyedMutex<K> {
  constructor(name?: string, options?: KeyedMutexOptions<K>) {
    super(name, off(options));
  }
}

export class Once<T> extends AnyOnce<T> {
  constructor(init: () => T | PromiseLike<T>, name?: string, options?: AsyncLockOptions) {
    super(init, name, off(options));
  }
}

export { AnyBarrier as Barrier, AnyLatch as Latch };

export const SpinLock: typeof AnySpinLock = unchecked(AnySpinLock, lockdep);
export type SpinLock = AnySpinLock;
export const RawSpinLock: typeof AnyRawSpinLock = unchecked(AnyRawSpinLock, lockdep);
export type RawSpinLock = AnyRawSpinLock;
export const TicketLock: typeof AnyTicketLock = unchecked(AnyTicketLock, lockdep);
export type TicketLock = AnyTicketLock;
export const QueuedSpinLock: typeof AnyQueuedSpinLock = unchecked(AnyQueuedSpinLock, lockdep);
export type QueuedSpinLock = AnyQueuedSpinLock;
export const RwSpinLock: typeof AnyRwSpinLock = unchecked(AnyRwSpinLock, lockdep);
export type RwSpinLock = AnyRwSpinLock;
export const ParkingMutex: typeof AnyParkingMutex = unchecked(AnyParkingMutex, lockdep);
export type ParkingMutex = AnyParkingMutex;
export const SharedOnce: typeof AnySharedOnce = unchecked(AnySharedOnce, lockdep);
export type SharedOnce = AnySharedOnce;
export const SharedLazy: typeof AnySharedLazy = unchecked(AnySharedLazy, lockdep);
export type SharedLazy = AnySharedLazy;
export const SharedSemaphore: typeof AnySharedSemaphore = unchecked(AnySharedSemaphore, lockdep);
export type SharedSemaphore = AnySharedSemaphore;
export const SharedRwLock: typeof AnySharedRwLock = unchecked(AnySharedRwLock, lockdep);
export type SharedRwLock = AnySharedRwLock;
export const SharedCondition: typeof AnySharedCondition = unchecked(AnySharedCondition, lockdep);
export type SharedCondition = AnySharedCondition;
export const IrqLevelLock: typeof AnyIrqLevelLock = unchecked(AnyIrqLevelLock, lockdep);
export type IrqLevelLock = AnyIrqLevelLock;
export const OwnedLock: typeof AnyOwnedLock = unchecked(AnyOwnedLock, lockdep);
export type OwnedLock = AnyOwnedLock;
