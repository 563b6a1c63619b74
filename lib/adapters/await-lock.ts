/**
 * await-lock: a mutex that hands out no handle, so whoever releases it is known by the flow alone. It keeps its waiters to
 * itself, first come, first served: a release gives it to the first one that has no time-out there and then; who had one
 * is known when its promise tells.
 */
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type Watcher } from './adapter.ts';
import { type Call, isObject, replaceMethod, watchConstructor } from './calls.ts';
import type { LockRequest } from './request.ts';
import { ownDescriptor, ownValue, prototypeWith } from './shape.ts';

type Class = new (...args: never[]) => object;

/** The requests that wait, in their order, and whether they end by themselves. */
type Waiting = Map<LockRequest, boolean>;

const METHODS = ['acquireAsync', 'tryAcquire', 'release'] as const;

export const awaitLock: Adapter = defineAdapter({
  name: 'await-lock',
  versions: { from: '2.1.0', below: '4.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports {
    const original = exports['default'] as Class;
    watchLocks(original.prototype, watcher);
    return {
      default: watchConstructor(original, (lock, _, from) => {
        watcher.orElse(undefined, () => watcher.know(lock, { kind: 'mutex', ...from }));
      }),
    };
  },
  adopt(lock: object, watcher: Watcher): object | undefined {
    const prototype = prototypeWith(lock, METHODS);
    const isTaken = prototype === undefined ? undefined : takenBy(prototype, lock);
    if (prototype === undefined || isTaken === undefined) {
      return undefined;
    }
    watchLocks(prototype, watcher);
    const instance = watcher.know(lock, { kind: 'mutex', below: awaitLock.adopt });
    if (instance !== undefined && isTaken) {
      strangers.add(instance);
    }
    return lock;
  },
});

/** Locks that were in use before they were watched: others may stand ahead of the waiters that are known. */
const strangers = new WeakSet<LockInstance>();

/** Whether a lock is taken; `undefined` for an object that is none. */
function takenBy(prototype: object, lock: object): boolean | undefined {
  try {
    const isTaken: unknown = ownDescriptor(prototype, 'acquired')?.get?.call(lock);
    return typeof isTaken === 'boolean' ? isTaken : undefined;
  } catch {
    return undefined;
  }
}

function watchLocks(prototype: object, watcher: Watcher): void {
  watcher.once(prototype, () => {
    const watch = new LockWatch(prototype, watcher);
    const wraps: Record<(typeof METHODS)[number], (original: Call) => Call> = {
      acquireAsync: (original) => watch.acquireAsync(original),
      tryAcquire: (original) => watch.tryAcquire(original),
      release: (original) => watch.release(original),
    };
    for (const name of METHODS) {
      if (!replaceMethod(prototype, name, wraps[name])) {
        throw new Error(`await-lock has no method ${name} that could be watched`);
      }
    }
  });
}

class LockWatch {
  readonly #prototype: object;
  readonly #watcher: Watcher;
  readonly #waiting = new WeakMap<LockInstance, Waiting>();

  constructor(prototype: object, watcher: Watcher) {
    this.#prototype = prototype;
    this.#watcher = watcher;
  }

  acquireAsync(original: Call): Call {
    const watch = this;
    return function acquireAsync(...args) {
      const lock = watch.#watcher.lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      const isTaken = watch.#isTaken(this);
      const promise = original.apply(this, args);
      const ends = isTaken && hasTimeout(args[0]);
      const request = watch.#watcher.request(lock, { ends, below: acquireAsync });
      if (isTaken) {
        return watch.#wait(request, { promise, ends });
      }
      request.granted();
      return request.owns(promise);
    };
  }

  #wait(request: LockRequest, { promise, ends }: { promise: unknown; ends: boolean }): unknown {
    const waiting = this.#waitingFor(request.lock);
    waiting.set(request, ends);
    request.blocked(true);
    const over = (): void => {
      waiting.delete(request);
    };
    return request.grantedBy(promise, { granted: over, failed: over });
  }

  tryAcquire(original: Call): Call {
    const watch = this;
    return function tryAcquire(...args) {
      const isAcquired = original.apply(this, args);
      const lock = watch.#watcher.lockOf(this);
      if (lock !== undefined && isAcquired === true) {
        watch.#watcher.request(lock, { try: true, below: tryAcquire }).entered(tryAcquire);
      }
      return isAcquired;
    };
  }

  release(original: Call): Call {
    const watch = this;
    return function release(...args) {
      const lock = watch.#watcher.lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      // Taken, and nobody has it: it was taken before it was watched, or goes to somebody whose promise has not told yet.
      if (!watch.#isTaken(this) || watch.#watcher.tracker.holders(lock).length > 0) {
        watch.#watcher.released(lock, { below: release });
      }
      const result = original.apply(this, args);
      if (watch.#isTaken(this)) {
        watch.#handOver(lock);
      }
      return result;
    };
  }

  #handOver(lock: LockInstance): void {
    const waiting = this.#waitingFor(lock);
    const [first] = waiting;
    if (first !== undefined && !first[1] && !strangers.has(lock)) {
      waiting.delete(first[0]);
      first[0].granted();
    }
  }

  #waitingFor(lock: LockInstance): Waiting {
    const known = this.#waiting.get(lock) ?? new Map<LockRequest, boolean>();
    this.#waiting.set(lock, known);
    return known;
  }

  #isTaken(lock: object): boolean {
    return takenBy(this.#prototype, lock) === true;
  }
}

function hasTimeout(options: unknown): boolean {
  return isObject(options) && ownValue(options, 'timeout') != null;
}
