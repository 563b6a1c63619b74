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
import type { AsyncLockOptions } from './locks/wait-options.ts';
import type { LockdepOptions } from './options.ts';

export type * from './index.ts';
export { Lockdep } from './lockdep.ts';
export { Condition } from './locks/condition.ts';
export { BrokenBarrierError, DeadlockError, LockTimeoutError } from './locks/errors.ts';
export { lockAll } from './locks/lock-all.ts';
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
