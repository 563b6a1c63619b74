/**
 * sequelize-pool, the pool of Sequelize: a request is put at the end of those that are pending, and `_dispense` is called at
 * once, so that is where it is met; its own `resolve` and `reject` are where the grant and the end of the wait are told.
 */
import type { Adapter, Watcher } from './adapter.ts';
import { type Call, isObject } from './calls.ts';
import { poolAdapter } from './pool-class.ts';
import { type Asked, isTimeoutError, PoolEntries } from './pool-requests.ts';
import { ownValue, prototypeWith } from './shape.ts';

interface SequelizePool {
  readonly _factory: { readonly max: number };
  readonly _pendingAcquires: readonly object[];
  readonly _inUseObjects: readonly unknown[];
  readonly _availableObjects: readonly { readonly resource: unknown }[];
}

export const sequelizePool: Adapter = poolAdapter<SequelizePool>({
  name: 'sequelize-pool',
  versions: { from: '7.0.0', below: '9.0.0' },
  capacityOf: (pool) => pool._factory.max,
  prototypeOf,
  methods(watcher) {
    const pools = new SequelizePools(watcher);
    return {
      acquire: (original) => pools.acquire(original),
      _dispense: (original) => pools.dispense(original),
      release: (original) => pools.release(original),
      destroy: (original) => pools.destroy(original),
    };
  },
});

/** The prototype that has the methods of a pool, if this is one. */
function prototypeOf(lock: object): object | undefined {
  const isPool =
    isObject(ownValue(lock, '_factory')) &&
    ['_pendingAcquires', '_inUseObjects', '_availableObjects'].every((name) => Array.isArray(ownValue(lock, name)));
  return isPool ? prototypeWith(lock, ['acquire', '_dispense', 'release', 'destroy']) : undefined;
}

class SequelizePools {
  readonly #watcher: Watcher;
  readonly #entries: PoolEntries;
  /** The request that is being made. */
  #asking: Asked | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    // A resource that could not be made says nothing.
    this.#entries = new PoolEntries(watcher, isTimeoutError);
  }

  acquire(original: Call): Call {
    const pools = this;
    return function acquire(...args) {
      const lock = pools.#watcher.lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      // Every wait of this library ends: where no time is given it is half a minute.
      const request = pools.#watcher.request(lock, { below: acquire, ends: true });
      const asking: Asked = { request, pool: this };
      pools.#asking = asking;
      try {
        const promise = original.apply(this, args);
        const { _inUseObjects, _factory } = this as SequelizePool;
        if (pools.#asking === asking) {
          // It was refused: the pool is draining.
          request.withdrawn();
        } else if (request.state === 'waiting' && _inUseObjects.length >= _factory.max) {
          request.blocked(true);
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

  dispense(original: Call): Call {
    const pools = this;
    return function dispense(...args) {
      const asking = pools.#asking;
      if (asking?.pool === this) {
        pools.#asking = undefined;
        const entry = (this as SequelizePool)._pendingAcquires.at(-1);
        if (entry !== undefined) {
          pools.#entries.add(entry, asking);
        }
      }
      return original.apply(this, args);
    };
  }

  release(original: Call): Call {
    const pools = this;
    return function release(resource, ...args) {
      const isWatched = pools.#entries.holders.released(this, resource);
      const lock = pools.#watcher.lockOf(this);
      if (!isWatched && lock !== undefined && isFree(this as SequelizePool, resource)) {
        // The library logs that as an error, where there is a log, and does nothing.
        pools.#watcher.tracker.stray(lock, pools.#watcher.site(release));
      }
      return original.call(this, resource, ...args);
    };
  }

  destroy(original: Call): Call {
    const pools = this;
    return function destroy(resource, ...args) {
      pools.#entries.holders.released(this, resource);
      return original.call(this, resource, ...args);
    };
  }
}

function isFree({ _availableObjects }: SequelizePool, resource: unknown): boolean {
  return _availableObjects.some((one) => one.resource === resource);
}
