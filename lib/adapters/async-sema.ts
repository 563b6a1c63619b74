/**
 * async-sema: a token is taken in `tryAcquire`, which `acquire` calls too, or handed by `release` to whoever waits longest.
 * Both are seen as they happen. A token of the program's own making says which acquire a release ends; the plain one is the same
 * for all, and anybody may give it back. `RateLimit` makes its semaphore inside the library: it is none that is watched.
 */
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import { type Call, isObject, replaceMethod, watchConstructor } from './calls.ts';
import { givenBack } from './counter.ts';
import type { LockRequest } from './request.ts';
import { ownValue, prototypeWith } from './shape.ts';

type Class = new (...args: never[]) => object;

/** A ring. */
interface Deque {
  readonly arr: readonly unknown[];
  readonly _front: number;
  readonly _length: number;
  readonly _capacity: number;
}

interface Sema {
  readonly nrTokens: number;
  /** Never replaced: a semaphore is known by it, also behind a Proxy. */
  readonly waiting: Deque;
}

const METHODS = ['acquire', 'tryAcquire', 'release', 'drain', 'nrWaiting'] as const;

export const asyncSema: Adapter = defineAdapter({
  name: 'async-sema',
  versions: { from: '3.1.0', below: '4.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports {
    const original = exports['Sema'] as Class;
    watchOf(watcher).watch(original.prototype);
    return {
      Sema: watchConstructor(original, (sema, _, from) => watcher.orElse(undefined, () => know(sema, watcher, from))),
    };
  },
  adopt(lock: object, watcher: Watcher): object | undefined {
    const prototype = prototypeWith(lock, METHODS);
    const isSema = isObject(ownValue(lock, 'waiting')) && isObject(ownValue(lock, 'releaseEmitter'));
    if (prototype === undefined || !isSema) {
      return undefined;
    }
    watchOf(watcher).watch(prototype);
    know(lock, watcher, { below: asyncSema.adopt });
    return lock;
  },
});

function know(object: object, watcher: Watcher, from: Pick<NewLock, 'below' | 'maker'>): void {
  const { nrTokens, waiting } = object as Sema;
  const capacity = Math.ceil(Number(nrTokens));
  // One that begins empty is a signal: whoever takes a token is not the one who gives it back.
  const lock = capacity >= 1 ? watcher.know(object, { kind: 'semaphore', capacity, ...from }) : undefined;
  if (lock !== undefined) {
    watcher.alias(waiting, lock);
  }
}

const watches = new WeakMap<Watcher, SemaWatch>();

function watchOf(watcher: Watcher): SemaWatch {
  const known = watches.get(watcher) ?? new SemaWatch(watcher);
  watches.set(watcher, known);
  return known;
}

class SemaWatch {
  readonly #watcher: Watcher;
  /** The request of each entry that waits. */
  readonly #queued = new WeakMap<object, LockRequest>();
  /** Who got a token that is an object; nobody where several get the same one. */
  readonly #named = new WeakMap<object, LockRequest | undefined>();
  /** The call of `acquire` that is being made. */
  #asking: LockRequest | undefined;
  /** The lock all tokens of which are being asked for. */
  #drained: LockInstance | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  watch(prototype: object): void {
    const wraps: Record<string, (original: Call) => Call> = {
      acquire: (original) => this.#acquire(original),
      tryAcquire: (original) => this.#tryAcquire(original),
      release: (original) => this.#release(original),
      drain: (original) => this.#drain(original),
    };
    this.#watcher.once(prototype, () => {
      for (const [name, wrap] of Object.entries(wraps)) {
        if (!replaceMethod(prototype, name, wrap)) {
          throw new Error(`async-sema has no method ${name} that could be watched`);
        }
      }
    });
  }

  #lockOf(sema: object | undefined): LockInstance | undefined {
    return this.#watcher.lockOf((sema as Sema | undefined)?.waiting as object);
  }

  #acquire(original: Call): Call {
    const watch = this;
    return function acquire(...args) {
      const lock = watch.#lockOf(this);
      if (lock === undefined || watch.#drained === lock) {
        return original.apply(this, args);
      }
      const { waiting } = this as Sema;
      const before = waiting._length;
      const request = watch.#watcher.request(lock, { below: acquire });
      watch.#asking = request;
      let promise: unknown;
      try {
        promise = original.apply(this, args);
      } catch (error) {
        request.withdrawn();
        throw error;
      } finally {
        watch.#asking = undefined;
      }
      if (request.state === 'waiting') {
        watch.#wait(request, waiting._length > before ? entryAt(waiting, waiting._length - 1) : undefined);
      }
      return request.owns(promise);
    };
  }

  #wait(request: LockRequest, entry: object | undefined): void {
    if (entry === undefined) {
      // The program's `pauseFn` has failed.
      request.withdrawn();
    } else {
      this.#queued.set(entry, request);
      request.blocked(true);
    }
  }

  #tryAcquire(original: Call): Call {
    const watch = this;
    return function tryAcquire(...args) {
      const lock = watch.#lockOf(this);
      const asking = lock !== undefined && watch.#asking?.lock === lock ? watch.#asking : undefined;
      if (asking !== undefined) {
        // What the program's functions take meanwhile is theirs.
        watch.#asking = undefined;
      }
      const token = original.apply(this, args);
      if (lock === undefined || token === undefined || watch.#drained === lock) {
        return token;
      }
      if (asking !== undefined) {
        watch.#granted(asking, token);
        return token;
      }
      const request = watch.#watcher.request(lock, { try: true, below: tryAcquire });
      watch.#granted(request, token);
      request.entered(tryAcquire);
      return token;
    };
  }

  #granted(request: LockRequest, token: unknown): void {
    request.granted();
    if (isObject(token)) {
      // One that several have at once names none of them.
      const isShared = this.#named.has(token) && this.#named.get(token)?.state !== 'released';
      this.#named.set(token, isShared ? undefined : request);
    }
  }

  #release(original: Call): Call {
    const watch = this;
    return function release(...args) {
      const lock = watch.#lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      const [token] = args;
      const { waiting } = this as Sema;
      watch.#released(lock, token, release);
      const entry = waiting._length > 0 ? entryAt(waiting, 0) : undefined;
      const result = original.apply(this, args);
      const next = entry === undefined ? undefined : watch.#queued.get(entry);
      if (next !== undefined && entryAt(waiting, 0) !== entry) {
        watch.#granted(next, token);
      }
      return result;
    };
  }

  #released(lock: LockInstance, token: unknown, below: unknown): void {
    const named = isObject(token) ? this.#named.get(token) : undefined;
    if (named?.state === 'held' && named.lock === lock) {
      named.released();
    } else {
      givenBack(this.#watcher, lock, { units: 1, site: this.#watcher.site(below) });
    }
  }

  /** All tokens at once. */
  #drain(original: Call): Call {
    const watch = this;
    return function drain(...args) {
      const lock = watch.#lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      const { waiting } = this as Sema;
      const before = waiting._length;
      const request = watch.#watcher.request(lock, { units: lock.capacity, below: drain });
      const outer = watch.#drained;
      watch.#drained = lock;
      let promise: unknown;
      try {
        promise = original.apply(this, args);
      } catch (error) {
        request.withdrawn();
        throw error;
      } finally {
        watch.#drained = outer;
      }
      if (waiting._length > before) {
        request.blocked(true);
        return request.grantedBy(promise);
      }
      request.granted();
      return request.owns(promise);
    };
  }
}

function entryAt({ arr, _front, _capacity }: Deque, at: number): object | undefined {
  return arr[(_front + at) & (_capacity - 1)] as object | undefined;
}
