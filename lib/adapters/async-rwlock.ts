/**
 * async-rwlock: a reader waits for the writer only, never for one that waits; a writer waits for everybody. Who has to wait is
 * put into a queue by `pend`, with the functions that end the wait: that is where grants and time-outs are told. Who need not
 * wait has the lock when the call returns. `unlock` names no acquire and serves both sides.
 */
import type { Mode } from '../model/lock.ts';
import { type Adapter, defineAdapter, type Watcher } from './adapter.ts';
import { type Call, isObject, likeOriginal, replaceMethod, watchConstructor } from './calls.ts';
import type { LockRequest } from './request.ts';

type Class = new (...args: never[]) => object;

/** The sides of the lock, by the methods that take them. */
const MODES: Readonly<Record<string, Mode>> = { readLock: 'recursive-shared', writeLock: 'exclusive' };

export const asyncRwlock: Adapter = defineAdapter({
  name: 'async-rwlock',
  versions: { from: '1.1.0', below: '2.0.0' },
  watch(exports, watcher) {
    const { RWLock } = exports as Record<string, Class | undefined>;
    if (RWLock === undefined) {
      throw new Error('async-rwlock has no class RWLock that could be watched');
    }
    watchPrototype(RWLock.prototype as object, watcher);
    const watched = watchConstructor(RWLock, (lock, _, from) =>
      watcher.orElse(undefined, () => void watcher.know(lock, { kind: 'rwsem', ...from })),
    );
    return { RWLock: watched, ...(exports['default'] === RWLock && { default: watched }) };
  },
  adopt(lock, watcher) {
    const prototype = prototypeOf(lock);
    if (prototype === undefined) {
      return undefined;
    }
    watchPrototype(prototype, watcher);
    // Each lock has its methods bound to itself: those of one that was made before are the original ones.
    const calls = new RwLockCalls(watcher);
    for (const name of [...Object.keys(MODES), 'unlock']) {
      replaceMethod(lock, name, (original) => {
        const call = calls.watched(name, original);
        return (...args) => call.apply(lock, args);
      });
    }
    watcher.know(lock, { kind: 'rwsem', below: asyncRwlock.adopt });
    return lock;
  },
});

/** The prototype with the methods of the library, of an object that is one of its locks. */
function prototypeOf(lock: object): object | undefined {
  const own = (name: string): unknown => Object.getOwnPropertyDescriptor(lock, name)?.value;
  const isLock =
    Array.isArray(own('pendingReaders')) &&
    Array.isArray(own('pendingWriters')) &&
    typeof own('numReaders') === 'number' &&
    typeof own('state') === 'number';
  for (let at = Object.getPrototypeOf(lock) as unknown; isLock && isObject(at); at = Object.getPrototypeOf(at)) {
    const prototype = at;
    if (METHODS.every((name) => typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function')) {
      return prototype;
    }
  }
  return undefined;
}

const METHODS = [...Object.keys(MODES), 'unlock', 'pend'];

function watchPrototype(prototype: object, watcher: Watcher): void {
  watcher.once(prototype, () => {
    const calls = new RwLockCalls(watcher);
    for (const name of METHODS) {
      if (!replaceMethod(prototype, name, (original) => calls.watched(name, original))) {
        throw new Error(`async-rwlock has no method ${name} that could be watched`);
      }
    }
  });
}

/** The call that is being made: one lock's method may lead to another method of the same one. */
interface Current {
  readonly lock: object;
  /** The request that is being made, until it is queued. */
  request: LockRequest | undefined;
}

let current: Current | undefined;

class RwLockCalls {
  readonly #watcher: Watcher;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  watched(name: string, original: Call): Call {
    const mode = MODES[name];
    if (mode !== undefined) {
      return this.#ask(original, mode);
    }
    return name === 'unlock' ? this.#unlock(original) : queued(original);
  }

  #ask(original: Call, mode: Mode): Call {
    const watcher = this.#watcher;
    return function ask(...args) {
      const lock = watcher.lockOf(this);
      if (lock === undefined || current?.lock === this) {
        return original.apply(this, args);
      }
      const request = watcher.orElse<LockRequest | undefined>(undefined, () =>
        watcher.request(lock, { mode, ends: isLimit(args[0]), below: ask }),
      );
      return within({ lock: this, request }, (call) => {
        const promise = original.apply(this, args);
        call.request?.granted();
        return request === undefined ? promise : request.owns(promise);
      });
    };
  }

  #unlock(original: Call): Call {
    const watcher = this.#watcher;
    return function unlock(...args) {
      const lock = watcher.lockOf(this);
      if (lock === undefined || current?.lock === this) {
        return original.apply(this, args);
      }
      watcher.orElse(undefined, () => watcher.released(lock, { below: unlock }));
      return within({ lock: this, request: undefined }, () => original.apply(this, args));
    };
  }
}

/** A request that is put into a queue: it waits until one of the functions is called that go there with it. */
function queued(original: Call): Call {
  return function pend(queue, resolve, reject, ...rest) {
    const request = current?.lock === this ? current.request : undefined;
    if (current === undefined || request === undefined) {
      return original.call(this, queue, resolve, reject, ...rest);
    }
    current.request = undefined;
    request.blocked();
    const telling = (tell: () => unknown, settle: unknown): Call =>
      likeOriginal((...values: unknown[]) => {
        tell();
        return (settle as (...values: unknown[]) => unknown)(...values);
      }, settle as Call);
    const result = original.call(
      this,
      queue,
      telling(() => request.granted(), resolve),
      telling(() => request.gaveUp(), reject),
      ...rest,
    );
    // Whoever has given up stays in the queue, and gets the lock in his turn: nobody gives it back.
    const entries = queue as unknown[];
    const entry = entries.at(-1);
    entries[entries.length - 1] = telling(() => request.state === 'cancelled' && request.grantedToNobody(), entry);
    return result;
  };
}

function within<Result>(call: Current, work: (call: Current) => Result): Result {
  const before = current;
  current = call;
  try {
    return work(call);
  } finally {
    current = before;
  }
}

/** Whether the library takes this for a time-out. */
function isLimit(timeout: unknown): boolean {
  return typeof timeout === 'number' && timeout > 0 && timeout < Number.POSITIVE_INFINITY;
}
