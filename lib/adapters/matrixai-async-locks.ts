/**
 * @matrixai/async-locks: `lock()` gives a function that asks, and the promise of that is fulfilled with a pair: the release
 * and the lock. The fulfilment is the grant; the release in the pair is replaced by one that tells of it, before anybody else
 * sees the pair. The promises stay the library's own, with their `cancel`. Locks that the library makes for itself, inside
 * of others, are not known and not told of. Requests are in `matrixai-requests.ts`,
 * boxes and monitors in `matrixai-boxes.ts`.
 */
import type { Mode } from '../model/lock.ts';
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import { type Call, isObject, replaceMethod, watchConstructor } from './calls.ts';
import { Boxes } from './matrixai-boxes.ts';
import { ask, isLimited, isTimeout, unitsOf, watchedAcquire } from './matrixai-requests.ts';
import type { LockRequest } from './request.ts';

type Class = new (...args: never[]) => object;

export const matrixaiAsyncLocks: Adapter = defineAdapter({
  name: '@matrixai/async-locks',
  versions: { from: '4.0.0', below: '6.0.0' },
  watch: (exports, watcher) => locksOf(watcher).watch(exports),
  adopt: (lock, watcher) => locksOf(watcher).adopt(lock),
});

const known = new WeakMap<Watcher, MatrixaiLocks>();

function locksOf(watcher: Watcher): MatrixaiLocks {
  const locks = known.get(watcher) ?? new MatrixaiLocks(watcher);
  known.set(watcher, locks);
  return locks;
}

/** A kind of lock of the library. */
interface Kind {
  /** The fields that each of them has. */
  readonly fields: readonly string[];
  readonly kind: string;
  /** The methods that give a function that asks, and how that asks. */
  readonly asks: Readonly<Record<string, Mode>>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  Semaphore: {
    fields: ['limit', 'queue', 'currentWeight'],
    kind: 'semaphore',
    asks: { lock: 'exclusive' },
  },
  Lock: { fields: ['semaphore'], kind: 'mutex', asks: { lock: 'exclusive' } },
  // Readers pass a writer that waits.
  RWLockReader: {
    fields: ['readersLock', 'writersLock', 'acquireWritersLockP'],
    kind: 'rwsem',
    asks: { read: 'recursive-shared', write: 'exclusive' },
  },
  // A writer that waits keeps readers out.
  RWLockWriter: {
    fields: ['readersLock', 'writersLock', 'acquireReadersLockP'],
    kind: 'rwsem',
    asks: { read: 'shared', write: 'exclusive' },
  },
};

class MatrixaiLocks {
  readonly #watcher: Watcher;
  readonly #boxes: Boxes;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    this.#boxes = new Boxes(watcher, (lock) => this.#watchKind(lock));
  }

  watch(exports: Exports): Exports {
    const watched: Exports = {};
    const classes = exports as Record<string, Class | undefined>;
    for (const [name, kind] of Object.entries(KINDS)) {
      const original = classes[name];
      if (original !== undefined) {
        this.#watchPrototype(original.prototype as object, kind);
        watched[name] = watchConstructor(original, (lock, args, from) => {
          this.#watcher.orElse(undefined, () => this.#made(lock, { ...describe(kind, args[0]), ...from }));
        });
      }
    }
    return { ...watched, ...this.#boxes.watch(exports) };
  }

  adopt(lock: object): object | undefined {
    const kind = kindOf(lock);
    if (kind === undefined) {
      return this.#boxes.adopt(lock);
    }
    this.#watchKind(lock);
    const limit: unknown = Object.getOwnPropertyDescriptor(lock, 'limit')?.value;
    this.#watcher.know(lock, { ...describe(kind, limit), below: matrixaiAsyncLocks.adopt });
    return lock;
  }

  #made(lock: object, description: NewLock): void {
    if (!this.#boxes.isMaking(lock)) {
      this.#watcher.know(lock, description);
    }
  }

  /** Watches the class of a lock that was not exported, or not seen, as far as it is one of the library's. */
  #watchKind(lock: object): void {
    const kind = kindOf(lock);
    const methods = [...Object.keys(kind?.asks ?? {}), 'waitForUnlock'];
    for (let at = lock as unknown; kind !== undefined && isObject(at); at = Object.getPrototypeOf(at)) {
      const prototype = at;
      if (methods.every((name) => Object.hasOwn(prototype, name))) {
        this.#watchPrototype(prototype, kind);
        return;
      }
    }
  }

  #watchPrototype(prototype: object, { asks }: Kind): void {
    const replace = (name: string, wrap: (original: Call) => Call): void => {
      if (!replaceMethod(prototype, name, wrap)) {
        throw new Error(`@matrixai/async-locks has no method ${name} that could be watched`);
      }
    };
    this.#watcher.once(prototype, () => {
      for (const [name, mode] of Object.entries(asks)) {
        replace(name, (original) => this.#asker(original, mode));
      }
      replace('waitForUnlock', (original) => this.#waitForUnlock(original));
    });
  }

  /** A method that gives the function that asks. Its call is the place of the request: the function may be called by anybody. */
  #asker(original: Call, mode: Mode): Call {
    const locks = this;
    const watcher = this.#watcher;
    return function lock(...args) {
      const instance = watcher.lockOf(this);
      if (instance === undefined) {
        return original.apply(this, args);
      }
      const call = locks.#boxes.callOf(this);
      const site = call?.site ?? watcher.site(lock);
      const acquire = original.apply(this, args);
      const ends = call?.ends ?? isLimited(args);
      return typeof acquire === 'function'
        ? watchedAcquire(watcher, acquire as Call, {
            instance,
            call,
            description: { mode, units: unitsOf(args), ends, site },
          })
        : acquire;
    };
  }

  /** Whoever holds the lock waits for himself; the others take nothing. */
  #waitForUnlock(original: Call): Call {
    const watcher = this.#watcher;
    return function waitForUnlock(...args) {
      const instance = watcher.lockOf(this);
      if (instance === undefined) {
        return original.apply(this, args);
      }
      const description = { units: unitsOf(args), ends: isLimited(args), site: watcher.site(waitForUnlock) };
      const request = watcher.orElse<LockRequest | undefined>(undefined, () => ask(watcher, { instance, description }));
      const promise = original.apply(this, args);
      return request === undefined ? promise : request.grantedBy(promise, { granted: () => false, failed: isTimeout });
    };
  }
}

/** The kind of an object that is one of the library's locks. */
function kindOf(lock: object): Kind | undefined {
  const kind = Object.values(KINDS).find(({ fields }) => fields.every((field) => Object.hasOwn(lock, field)));
  const method = (name: string): unknown => methodOf(lock, name);
  return [...Object.keys(kind?.asks ?? {}), 'withF', 'withG', 'waitForUnlock'].every(
    (name) => method(name) !== undefined,
  )
    ? kind
    : undefined;
}

function methodOf(object: object, name: string): unknown {
  for (let at: unknown = object; isObject(at); at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor !== undefined) {
      return typeof descriptor.value === 'function' ? descriptor.value : undefined;
    }
  }
  return undefined;
}

function describe({ kind }: Kind, limit: unknown): { readonly kind: string; readonly capacity?: number } {
  return kind === 'semaphore' && typeof limit === 'number' && limit > 1
    ? { kind, capacity: Math.floor(limit) }
    : { kind };
}
