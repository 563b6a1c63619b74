/**
 * Several locks at once, without an order to keep in mind: whoever takes locks so takes them in one and the same order, by
 * level, then by age, those without a level last. A lock that is named twice is taken once.
 */
import { shown } from '../shown.ts';
import { AsyncLock } from './async-lock.ts';
import type { Guard } from './guard.ts';
import { acquireEach, type Enter, runUnderEach } from './take-all.ts';
import { checkFunction, type WaitOptions } from './wait-options.ts';

/** Takes several locks at once: mutexes, read-write locks for writing, one unit of semaphores. */
export interface LockAll {
  /**
   * Takes all; the guard gives all back, the last one first. Rejects like `acquire` of a mutex, and then holds none; the
   * timeout is for all together, and the error names the lock that was waited for.
   */
  (locks: readonly AsyncLock[], options?: WaitOptions): Promise<Guard>;
  /** Runs `fn` while all are held, as `run` of a mutex does. */
  run<R>(locks: readonly AsyncLock[], fn: () => R | PromiseLike<R>, options?: WaitOptions): Promise<R>;
}

export const lockAll: LockAll = Object.assign(acquire, { run });

function acquire(locks: readonly AsyncLock[], options: WaitOptions = {}): Promise<Guard> {
  try {
    return acquireEach(ordered(locks, acquire), options);
  } catch (error) {
    return Promise.reject(error);
  }
}

function run<R>(locks: readonly AsyncLock[], fn: () => R | PromiseLike<R>, options: WaitOptions = {}): Promise<R> {
  try {
    checkFunction('fn', fn);
    return runUnderEach(ordered(locks, run), options, fn);
  } catch (error) {
    return Promise.reject(error);
  }
}

function ordered(locks: unknown, caller: unknown): Enter[] {
  if (!Array.isArray(locks)) {
    throw new TypeError(`locks: expected a list of locks, got ${shown(locks)}`);
  }
  return [...new Set<unknown>(locks)]
    .map(partsOf)
    .sort(({ lock: one }, { lock: other }) => compareLevels(one.level, other.level) || one.order - other.order)
    .map(({ lock, whole }) => {
      const access = { ...whole, caller, handsOut: false };
      return (options, together) => lock.enter({ ...access, together }, options);
    });
}

// Two levels can be infinite: their difference is no number then.
function compareLevels(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

function partsOf(value: unknown): NonNullable<ReturnType<typeof AsyncLock.partsOf>> {
  const parts = AsyncLock.partsOf(value);
  if (parts === undefined) {
    throw new TypeError(`locks: expected a Mutex, RwLock or Semaphore, got ${shown(value)}`);
  }
  return parts;
}
