/**
 * mortice: read-write locks by name, one object for each name of the process, first come first served: a reader waits behind
 * a writer that waits. A grant is the fulfilment of the promise of the request. The function that releases is made inside of the
 * library, and what it does first is to stop listening to the signal of the request. So the library gets a signal of
 * ours, which stands for the program's own where it has one, and that is where releases are told.
 * What a worker asks the main thread for is seen in the main thread, which has the lock; in the worker nothing is watched.
 */
import type { Mode } from '../model/lock.ts';
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type NewLock, type Watcher } from './adapter.ts';
import { type Call, isObject, likeOriginal, replaceMethod } from './calls.ts';
import type { KeyedLocks } from './keyed-locks.ts';
import type { LockRequest } from './request.ts';

const METHODS = ['readLock', 'writeLock', 'finalize'];

export const mortice: Adapter = defineAdapter({
  name: 'mortice',
  versions: { from: '3.1.0', below: '4.0.0' },
  watch(exports, watcher) {
    const create = exports['default'];
    if (typeof create !== 'function') {
      throw new Error('mortice has no function that could be watched');
    }
    return { default: watchedMaker(create as Call, watcher) };
  },
  adopt(mutex, watcher) {
    if (!isMutex(mutex)) {
      return undefined;
    }
    const lock = watcher.lock({ kind: 'rwsem', below: mortice.adopt });
    return lock === undefined || watchMutex(mutex, { lock, watcher, readers: 'shared' }) ? mutex : undefined;
  },
});

/** One of the main thread: it has the queue of those who wait. */
function isMutex(mutex: unknown): mutex is object {
  const own = (name: string): unknown => isObject(mutex) && Object.getOwnPropertyDescriptor(mutex, name)?.value;
  return METHODS.every((name) => typeof own(name) === 'function') && isObject(own('queue'));
}

function watchedMaker(create: Call, watcher: Watcher): Call {
  let keyed: KeyedLocks | undefined;
  const maker: Call = likeOriginal(function (this: object, ...args: unknown[]): unknown {
    const made = new.target === undefined ? create.apply(this, args) : Reflect.construct(create, args, new.target);
    watcher.orElse(undefined, () => {
      if (isMutex(made) && watcher.lockOf(made) === undefined) {
        const description: NewLock = { kind: 'rwsem', name: 'mortice', below: maker };
        const name = optionOf(args[0], 'name', 'lock');
        keyed ??= watcher.keyed(maker, description);
        let lock = keyed?.lock(name);
        if (lock !== undefined && watcher.tracker.isInUse(lock)) {
          // The one with this name was finalized while it was in use: this is another lock.
          lock = watcher.keyed({}, description)?.lock(name);
        }
        // Where one reader is let in at a time, readers exclude each other.
        const readers: Mode = optionOf(args[0], 'concurrency', 0) === 1 ? 'exclusive' : 'shared';
        if (lock !== undefined) {
          watchMutex(made, { lock, watcher, readers });
        }
      }
    });
    return made;
  }, create);
  return maker;
}

function optionOf(options: unknown, name: string, otherwise: unknown): unknown {
  return isObject(options) && Object.hasOwn(options, name)
    ? Object.getOwnPropertyDescriptor(options, name)?.value
    : otherwise;
}

interface WatchedMutex {
  readonly lock: LockInstance;
  readonly watcher: Watcher;
  readonly readers: Mode;
}

// Each has methods of its own, which programs may take off it: they belong to it whoever calls them.
function watchMutex(mutex: object, { lock, watcher, readers }: WatchedMutex): boolean {
  const isWatched =
    replaceMethod(mutex, 'readLock', (original) => watchedRequest(original, { lock, watcher, mode: readers })) &&
    replaceMethod(mutex, 'writeLock', (original) => watchedRequest(original, { lock, watcher, mode: 'exclusive' }));
  if (isWatched) {
    watcher.alias(mutex, lock);
  }
  return isWatched;
}

interface Asked {
  readonly lock: LockInstance;
  readonly watcher: Watcher;
  readonly mode: Mode;
}

function watchedRequest(original: Call, { lock, watcher, mode }: Asked): Call {
  return function ask(options, ...rest) {
    const signal: unknown = (options as { signal?: unknown } | null | undefined)?.signal ?? undefined;
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      // The library says in its own words what is wrong.
      return original.call(this, options, ...rest);
    }
    const request = watcher.orElse<LockRequest | undefined>(undefined, () =>
      watcher.request(lock, { mode, ends: signal !== undefined, below: ask }),
    );
    if (request === undefined) {
      return original.call(this, options, ...rest);
    }
    const isTaken = watcher.orElse(false, () => waitsFor(request, { lock, watcher, mode }));
    const stand = new SignalOfRequest(signal, request);
    const promise = original.call(this, { ...(options as object | undefined), signal: stand }, ...rest);
    if (!stand.isUsed) {
      // Its release would not be seen.
      request.withdrawn();
      return promise;
    }
    if (isTaken) {
      request.blocked(true);
    }
    return request.grantedBy(promise, {
      granted(release) {
        if (isObject(release) && !stand.isOver) {
          request.kept(release);
        }
        return !stand.isOver;
      },
      // Else the program has taken it back.
      failed: () => isTimeout(stand.reason),
    });
  };
}

/** Whether somebody has the lock, or comes first, who keeps the request out. */
function waitsFor({ lock }: LockRequest, { watcher, mode }: Asked): boolean {
  const { held, waiting } = watcher.tracker.ticketsOf(lock);
  return [...held, ...waiting.slice(0, -1)].some((other) => mode === 'exclusive' || other.mode === 'exclusive');
}

/** The reason of a signal that sets a time. */
const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError';

type Listener = (event: unknown) => unknown;

/** What the library gets for the signal of a request. */
class SignalOfRequest {
  /** True once the lock was given back, or the signal has ended the request. */
  isOver = false;
  readonly #signal: AbortSignal | undefined;
  readonly #request: LockRequest;
  /** The library's own listener of the request: the first that it adds. */
  #listener: Listener | undefined;

  constructor(signal: AbortSignal | undefined, request: LockRequest) {
    this.#signal = signal;
    this.#request = request;
  }

  /** Whether the library listens to it, and so will tell of the release. */
  get isUsed(): boolean {
    return this.#listener !== undefined;
  }

  get aborted(): boolean {
    return this.#signal?.aborted ?? false;
  }

  get reason(): unknown {
    return this.#signal?.reason;
  }

  throwIfAborted(): void {
    this.#signal?.throwIfAborted();
  }

  addEventListener(type: string, listener: Listener, options?: object): void {
    this.#listener ??= listener;
    this.#signal?.addEventListener(type, this.#toAdd(listener), options);
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#signal?.removeEventListener(type, this.#toAdd(listener));
    if (listener === this.#listener) {
      this.#end();
    }
  }

  #toAdd(listener: Listener): Listener {
    return listener === this.#listener ? this.#aborted : listener;
  }

  // A signal takes the lock away from whoever holds it, too.
  readonly #aborted: Listener = (event) => {
    this.#end();
    return this.#listener?.(event);
  };

  #end(): void {
    this.isOver = true;
    this.#request.released();
  }
}
