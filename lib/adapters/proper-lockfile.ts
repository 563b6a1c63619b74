/**
 * proper-lockfile: a lock is a folder beside the file, made by one process. `lock` gives a promise of the function that
 * releases it, so what is handed out is a promise of the watched function: it settles one microtask later than the
 * library's, which itself comes out of a callback of the file system. Nothing else differs. `unlock` names the file instead. A lock is lost
 * where it is compromised: that is told to `onCompromised`, if the program has one.
 */
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type Watcher } from './adapter.ts';
import { isObject, likeOriginal } from './calls.ts';
import { canonical, placeOf } from './file-place.ts';
import type { KeyedLocks } from './keyed-locks.ts';
import type { LockRequest } from './request.ts';
import { ownValue } from './shape.ts';

type Function_ = (...args: unknown[]) => unknown;

export const properLockfile: Adapter = defineAdapter({
  name: 'proper-lockfile',
  versions: { from: '4.0.0', below: '5.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports {
    const { lock, unlock, lockSync, unlockSync } = exports;
    if (![lock, unlock, lockSync, unlockSync].every((one) => typeof one === 'function')) {
      throw new Error('proper-lockfile has not the functions that could be watched');
    }
    const files = new Files(watcher);
    const watched = files.lock(lock as Function_);
    return {
      default: watched,
      lock: watched,
      unlock: files.unlock(unlock as Function_),
      lockSync: files.lockSync(lockSync as Function_),
      unlockSync: files.unlockSync(unlockSync as Function_),
    };
  },
});

class Files {
  readonly #watcher: Watcher;
  /** The files in one folder that has another name each time, and those that have no such folder. */
  readonly #locks = new Map<string, KeyedLocks>();
  /** Who holds a file in this process, by its lock: there is one at most. */
  readonly #held = new Map<LockInstance, LockRequest>();

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  lock(original: Function_): Function_ {
    const watched = likeOriginal((file: unknown, options: unknown): unknown => {
      const request = this.#ask(file, options, watched);
      if (request === undefined) {
        return original(file, options);
      }
      const promise = original(file, this.#heeding(options, request)) as Promise<Function_>;
      return request.grantedBy(
        promise.then((release) => {
          this.#granted(request);
          return this.#releaser(release, request);
        }),
        { failed: isRefusal },
      );
    }, original);
    return watched;
  }

  lockSync(original: Function_): Function_ {
    const watched = likeOriginal((file: unknown, options: unknown): unknown => {
      const request = this.#ask(file, options, watched, true);
      if (request === undefined) {
        return original(file, options);
      }
      try {
        const release = original(file, this.#heeding(options, request)) as Function_;
        this.#granted(request);
        request.entered(watched);
        return this.#releaser(release, request);
      } catch (error) {
        request.withdrawn();
        throw error;
      }
    }, original);
    return watched;
  }

  unlock(original: Function_): Function_ {
    const watched = likeOriginal((file: unknown, options: unknown): unknown => {
      const promise = original(file, options);
      this.#watcher.orElse(undefined, () => this.#unlocks(promise, { file, options, below: watched }));
      return promise;
    }, original);
    return watched;
  }

  unlockSync(original: Function_): Function_ {
    const watched = likeOriginal((file: unknown, options: unknown): unknown => {
      const lock = this.#lockOf(file, options);
      try {
        const result = original(file, options);
        this.#released(lock);
        return result;
      } catch (error) {
        this.#refused(error, lock, watched);
        throw error;
      }
    }, original);
    return watched;
  }

  #ask(file: unknown, options: unknown, below: unknown, isSync = false): LockRequest | undefined {
    return this.#watcher.orElse(undefined, () => {
      const lock = this.#lockOf(file, options);
      const isTry = isSync || isNone(isObject(options) ? ownValue(options, 'retries') : undefined);
      return lock && this.#watcher.request(lock, { below, try: isTry, ends: true });
    });
  }

  /** A lock that is compromised is held no more. The options are the program's own where it does not want to know. */
  #heeding(options: unknown, request: LockRequest): unknown {
    const heard = isObject(options) ? ownValue(options, 'onCompromised') : undefined;
    if (typeof heard !== 'function') {
      return options;
    }
    const onCompromised = likeOriginal((...args: unknown[]): unknown => {
      this.#forget(request);
      request.expired();
      return (heard as Function_)(...args);
    }, heard as Function_);
    return { ...(options as object), onCompromised };
  }

  #releaser(release: Function_, request: LockRequest): Function_ {
    const watched = likeOriginal((...args: unknown[]): unknown => {
      this.#watcher.orElse(undefined, () => {
        if (request.hasExpired) {
          request.late('releases', watched);
        } else if (request.state === 'released') {
          this.#watcher.released(request.lock, { below: watched });
        } else {
          this.#forget(request);
          request.released();
        }
      });
      return release(...args);
    }, release);
    return watched;
  }

  #granted(request: LockRequest): void {
    this.#held.set(request.lock, request);
  }

  #forget(request: LockRequest): void {
    if (this.#held.get(request.lock) === request) {
      this.#held.delete(request.lock);
    }
  }

  #unlocks(promise: unknown, call: { file: unknown; options: unknown; below: unknown }): void {
    const { below } = call;
    const lock = this.#lockOf(call.file, call.options);
    const site = this.#watcher.site(below);
    const request = lock && this.#held.get(lock);
    if (request !== undefined) {
      this.#released(lock);
      return;
    }
    this.#watcher.hear(promise, {
      fulfilled: () => {},
      rejected: (error) => {
        if (lock !== undefined && codeOf(error) === 'ENOTACQUIRED') {
          this.#watcher.tracker.stray(lock, site);
        }
      },
    });
  }

  #released(lock: LockInstance | undefined): void {
    const request = lock && this.#held.get(lock);
    if (request !== undefined) {
      this.#forget(request);
      request.released();
    }
  }

  #refused(error: unknown, lock: LockInstance | undefined, below: unknown): void {
    if (lock !== undefined && codeOf(error) === 'ENOTACQUIRED') {
      this.#watcher.orElse(undefined, () => this.#watcher.released(lock, { below }));
    }
  }

  #lockOf(file: unknown, options: unknown): LockInstance | undefined {
    if (typeof file !== 'string') {
      return undefined;
    }
    const { folder, name } = placeOf(canonical(file, options));
    const known = this.#locks.get(folder);
    const locks = known ?? this.#watcher.keyed({}, { kind: 'mutex', name: 'file', below: this.#lockOf });
    if (locks !== undefined && known === undefined) {
      this.#locks.set(folder, locks);
    }
    return locks?.lock(name);
  }
}

const codeOf = (error: unknown): unknown => (isObject(error) ? ownValue(error, 'code') : undefined);

/** False where the call was wrong, as for a file that is not there: nobody held the lock. */
const isRefusal = (error: unknown): boolean => codeOf(error) === 'ELOCKED';

const isNone = (retries: unknown): boolean =>
  !(isObject(retries) ? ownValue(retries, 'retries') !== 0 : Boolean(retries));
