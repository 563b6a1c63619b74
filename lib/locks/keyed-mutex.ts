/**
 * A mutex for each key: whoever works on one key keeps out those who want the same key, and nobody else. A key takes memory
 * only while somebody holds or waits for it. To the checker all keys are locks of one class.
 */
import { shown } from '../shown.ts';
import type { LockInstance } from '../state/classes.ts';
import { type Access, FairLock } from './fair-lock.ts';
import { type Guard, Holding } from './guard.ts';
import { acquireEach, type Enter, runUnderEach } from './take-all.ts';
import {
  type AsyncLockOptions,
  checkFunction,
  checkLockOptions,
  type TryOptions,
  type WaitOptions,
} from './wait-options.ts';
import type { Witness } from './witness.ts';
import { witnessFor } from './witness-for.ts';

export interface KeyedMutexOptions<K> extends AsyncLockOptions {
  /** The order in which one owner may take several keys: below 0 where `a` comes before `b`. Default: that of their texts. */
  readonly compare?: ((a: K, b: K) => number) | undefined;
}

/** Of so many idle keys the checker remembers in which order they were taken. */
const REMEMBERED = 10_000;

export class KeyedMutex<K> {
  readonly #name: string | undefined;
  readonly #options: KeyedMutexOptions<K>;
  readonly #witness: Witness | null;
  /** Stands for the class, and for keys that nobody uses. */
  readonly #model: LockInstance | null;
  readonly #locks = new Map<K, FairLock>();
  /** What the checker knows the latest keys by: the order of two keys is that of all their uses. */
  readonly #instances = new Map<K, LockInstance>();

  /**
   * @param name of its class. Default: the place where it is made
   * @throws TypeError for a wrong name or option
   */
  constructor(name?: string, options: KeyedMutexOptions<K> = {}) {
    checkLockOptions(name, options);
    const { lockdep, level, compare } = options;
    if (compare !== undefined) {
      checkFunction('compare', compare);
    }
    this.#name = name;
    this.#options = options;
    this.#witness = witnessFor(lockdep);
    const description = {
      kind: 'mutex',
      below: KeyedMutex,
      ...(level === undefined ? {} : { level }),
      ...(compare === undefined ? {} : { compare: orderOfLocks(compare) }),
    };
    this.#model = this.#witness?.lock(name, description) ?? null;
  }

  /** The name that it was given, else that of its class. */
  get name(): string {
    return this.#name ?? this.#model?.name ?? 'mutex';
  }

  /** How many keys are held or waited for. */
  get size(): number {
    return this.#locks.size;
  }

  isLocked(key: K): boolean {
    return this.#locks.has(key);
  }

  /** Takes the mutex of a key, as `acquire` of a mutex does. */
  acquire(key: K, options?: WaitOptions): Promise<Guard> {
    return this.#with(key, (lock) => lock.acquire(ACQUIRE, options));
  }

  /**
   * Takes the mutex of a key if it is free, else gives `null`.
   * @throws LockdepError under the `throw` policy: it was not taken
   */
  tryAcquire(key: K, options?: TryOptions): Guard | null {
    return this.#with(key, (lock) => lock.tryAcquire(TRY, options));
  }

  /** Runs `fn` while the mutex of a key is held, as `run` of a mutex does. */
  run<R>(key: K, fn: () => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    return this.#with(key, (lock) => lock.run(RUN, fn, options));
  }

  /**
   * Takes the mutexes of several keys, in the order of the keys, each once. Rejects like `acquire`, and then holds none; the
   * timeout is for all together. Also rejects with a TypeError for two keys of which none comes before the other.
   */
  acquireAll(keys: Iterable<K>, options: WaitOptions = {}): Promise<Guard> {
    try {
      return acquireEach(this.#ordered(keys, ALL), options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Runs `fn` while the mutexes of several keys are held, as `run` of a mutex does. */
  runAll<R>(keys: Iterable<K>, fn: () => R | PromiseLike<R>, options: WaitOptions = {}): Promise<R> {
    try {
      checkFunction('fn', fn);
      return runUnderEach(this.#ordered(keys, RUN_ALL), options, fn);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Claims that the running flow holds the mutex of a key. Passes where nothing is checked.
   * @throws LockdepError under the `throw` policy, if it does not
   */
  assertHeld(key: K): void {
    const instance = this.#locks.get(key)?.instance ?? this.#model;
    if (instance !== null) {
      this.#witness?.assertHeld(instance, undefined, this.assertHeld);
    }
  }

  /**
   * Claims that the running flow does not hold the mutex of a key. Passes where nothing is checked.
   * @throws LockdepError under the `throw` policy, if it does
   */
  assertNotHeld(key: K): void {
    const instance = this.#locks.get(key)?.instance ?? null;
    if (instance !== null) {
      this.#witness?.assertNotHeld(instance, this.assertNotHeld);
    }
  }

  /** Does something with the lock of a key, which stays only if it is then in use. */
  #with<Result>(key: K, use: (lock: FairLock) => Result): Result {
    const lock = this.#locks.get(key) ?? this.#newLock(key);
    try {
      return use(lock);
    } finally {
      this.#dropIdle(key, lock);
    }
  }

  #newLock(key: K): FairLock {
    const { lockdep } = this.#options;
    const known = this.#instances.get(key);
    const lock: FairLock = new FairLock(
      this.#name,
      { lockdep },
      {
        kind: 'mutex',
        data: key,
        below: this.#newLock,
        onIdle: () => this.#dropIdle(key, lock),
        ...(this.#model === null ? {} : { like: this.#model }),
        ...(known === undefined ? {} : { instance: known }),
      },
    );
    this.#locks.set(key, lock);
    this.#remember(key, lock.instance);
    return lock;
  }

  #remember(key: K, instance: LockInstance | null): void {
    if (instance === null) {
      return;
    }
    this.#instances.delete(key);
    this.#instances.set(key, instance);
    if (this.#instances.size > REMEMBERED) {
      for (const oldest of this.#instances.keys()) {
        this.#instances.delete(oldest);
        return;
      }
    }
  }

  #dropIdle(key: K, lock: FairLock): void {
    if (lock.isIdle && this.#locks.get(key) === lock) {
      this.#locks.delete(key);
    }
  }

  #ordered(keys: Iterable<K>, access: Access): Enter[] {
    const { compare = compareTexts } = this.#options;
    if (typeof keys?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`keys: expected a list of keys, got ${shown(keys)}`);
    }
    const sorted = [...new Set(keys)].sort(compare);
    for (const [at, key] of sorted.slice(1).entries()) {
      const before = sorted[at] as K;
      if (compare(before, key) === 0) {
        throw new TypeError(`keys: none of ${shown(before)} and ${shown(key)} comes before the other; name a compare`);
      }
    }
    return sorted.map((key) => (options, together) => {
      return this.#with(key, (lock) => lock.enter({ ...access, together }, options));
    });
  }
}

function compareTexts(one: unknown, other: unknown): number {
  const [a, b] = [String(one), String(other)];
  return a === b ? 0 : a < b ? -1 : 1;
}

function orderOfLocks<K>(compare: (a: K, b: K) => number): (held: LockInstance, wanted: LockInstance) => number {
  return (held, wanted) => compare(held.data as K, wanted.data as K);
}

const ONE = {
  units: 1,
  mode: 'exclusive',
  guard: (lock: FairLock, units: number, claim: Holding['claim']) => new Holding(lock, units, claim),
} as const;

const ACQUIRE: Access = { ...ONE, caller: KeyedMutex.prototype.acquire, handsOut: true };
const TRY: Access = { ...ONE, caller: KeyedMutex.prototype.tryAcquire, handsOut: true };
const RUN: Access = { ...ONE, caller: KeyedMutex.prototype.run, handsOut: false };
const ALL: Access = { ...ONE, caller: KeyedMutex.prototype.acquireAll, handsOut: false };
const RUN_ALL: Access = { ...ONE, caller: KeyedMutex.prototype.runAll, handsOut: false };
