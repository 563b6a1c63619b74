/**
 * generic-pool: a request is put into the queue of those who wait, always, and is resolved with a resource at once or later. So the
 * queue is where a request is met, and its own `resolve` and `reject` are where the grant and the end of the wait are told:
 * nothing is attached to a promise, whose rejection the library has a handler for already.
 */
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import { type Call, isObject, likeOriginal, replaceMethod, watchConstructor } from './calls.ts';
import { type Asked, PoolEntries, replaceNeeded } from './pool-requests.ts';
import { ownValue, prototypeWith } from './shape.ts';

type PoolClass = new (...args: never[]) => GenericPool;

interface GenericPool {
  readonly _config: { readonly max: number };
  readonly _waitingClientsQueue: object;
  readonly _availableObjects: { readonly length: number };
}

export const genericPool: Adapter = defineAdapter({
  name: 'generic-pool',
  versions: { from: '3.0.0', below: '4.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports {
    const { Pool, createPool } = exports as { readonly Pool?: PoolClass; readonly createPool?: Call };
    if (typeof Pool !== 'function' || typeof createPool !== 'function') {
      throw new Error('generic-pool has no class Pool that is made by createPool');
    }
    watchPools(Pool.prototype as object, watcher);
    // The library's own version makes a pool of its own class, which is not the watched one.
    const watchedMaker: Call = likeOriginal(function createPool(this: object, ...args: unknown[]) {
      const pool = original.apply(this, args) as GenericPool;
      watcher.orElse(undefined, () => know(pool, watcher, { below: watchedMaker }));
      return pool;
    }, createPool);
    const original = createPool;
    return {
      Pool: watchConstructor(Pool, (pool, _, from) => {
        watcher.orElse(undefined, () => know(pool as GenericPool, watcher, from));
      }),
      createPool: watchedMaker,
    };
  },
  adopt(lock: object, watcher: Watcher): object | undefined {
    const prototype = prototypeOf(lock);
    if (prototype === undefined) {
      return undefined;
    }
    watchPools(prototype, watcher);
    know(lock as GenericPool, watcher, { below: genericPool.adopt });
    return lock;
  },
});

function know(pool: GenericPool, watcher: Watcher, from: Pick<NewLock, 'below' | 'maker'>): void {
  watcher.know(pool, { kind: 'pool', capacity: pool._config.max, ...from });
}

/** The prototype that has the methods of a pool, if this is one. */
function prototypeOf(lock: object): object | undefined {
  const isPool =
    isObject(ownValue(lock, '_config')) &&
    isObject(ownValue(lock, '_factory')) &&
    isObject(ownValue(lock, '_waitingClientsQueue')) &&
    ownValue(lock, '_resourceLoans') instanceof Map;
  return isPool ? prototypeWith(lock, ['acquire', 'release', 'destroy', '_dispense']) : undefined;
}

function watchPools(prototype: object, watcher: Watcher): void {
  watcher.once(prototype, () => {
    const pools = new GenericPools(watcher);
    replaceNeeded('generic-pool', prototype, {
      acquire: (original) => pools.acquire(original),
      release: (original) => pools.release(original),
      destroy: (original) => pools.release(original),
    });
  });
}

class GenericPools {
  readonly #watcher: Watcher;
  readonly #entries: PoolEntries;
  /** The request that is being made. */
  #asking: Asked | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    // Whatever ends a wait here without a resource: the time for it is over, or the pool is.
    this.#entries = new PoolEntries(watcher, () => true);
  }

  acquire(original: Call): Call {
    const pools = this;
    return function acquire(...args) {
      const lock = pools.#watcher.lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      const { _config, _waitingClientsQueue, _availableObjects } = this as GenericPool;
      pools.#watchQueue(_waitingClientsQueue);
      const { acquireTimeoutMillis } = _config as { readonly acquireTimeoutMillis?: unknown };
      const ends = typeof acquireTimeoutMillis === 'number';
      const request = pools.#watcher.request(lock, { below: acquire, ends });
      const asking = { request, pool: this };
      pools.#asking = asking;
      try {
        const promise = original.apply(this, args);
        if (pools.#asking === asking) {
          // It was refused: the pool is draining, or too many wait.
          request.withdrawn();
        } else if (request.state === 'waiting' && _availableObjects.length === 0) {
          // What is still being made is soon somebody's; who holds the others is looked at then.
          request.blocked(false);
        }
        return request.owns(promise);
      } catch (error) {
        request.withdrawn();
        throw error;
      } finally {
        pools.#asking = undefined;
      }
    };
  }

  /** A resource that is not on loan the library refuses with an error of its own. */
  release(original: Call): Call {
    const pools = this;
    return function release(resource, ...args) {
      pools.#entries.holders.released(this, resource);
      return original.call(this, resource, ...args);
    };
  }

  #watchQueue(queue: object): void {
    const prototype = prototypeWith(queue, ['enqueue']);
    if (prototype === undefined) {
      return;
    }
    const pools = this;
    this.#watcher.once(prototype, () => {
      replaceMethod(prototype, 'enqueue', (original) => {
        return function enqueue(entry, ...args) {
          const asking = pools.#asking;
          if (asking !== undefined && isObject(entry)) {
            pools.#asking = undefined;
            pools.#entries.add(entry, asking);
          }
          return original.call(this, entry, ...args);
        };
      });
    });
  }
}
