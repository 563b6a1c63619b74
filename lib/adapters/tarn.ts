/**
 * tarn, the pool of knex: it tells what it does by events, and every one of them goes through `_executeEventHandlers`. They
 * are read there, so that no listener of ours stands among those of the program. A request goes by the number of its
 * `acquireRequest`, a held resource by itself. Whoever waits for the promise of the `PendingOperation` owns the resource.
 */
import type { Adapter, Watcher } from './adapter.ts';
import { type Call, isObject } from './calls.ts';
import { knexCalls } from './knex.ts';
import { poolAdapter } from './pool-class.ts';
import { isTimeoutError, PoolHolders } from './pool-requests.ts';
import type { LockRequest } from './request.ts';
import { ownValue, prototypeWith } from './shape.ts';

interface TarnPool {
  readonly max: number;
  /** Resources that are held, or are being validated for somebody who waits. */
  readonly used: readonly unknown[];
  readonly destroyed: boolean;
}

interface PendingOperation {
  readonly promise: Promise<unknown>;
}

export const tarn: Adapter = poolAdapter<TarnPool>({
  name: 'tarn',
  versions: { from: '3.0.0', below: '4.0.0' },
  capacityOf: (pool) => pool.max,
  prototypeOf,
  methods(watcher) {
    const pools = new TarnPools(watcher);
    return {
      acquire: (original) => pools.acquire(original),
      _executeEventHandlers: (original) => pools.tell(original),
    };
  },
});

/** The prototype that has the methods of a pool, if this is one. */
function prototypeOf(lock: object): object | undefined {
  const isPool =
    ['max', 'acquireTimeoutMillis'].every((name) => typeof ownValue(lock, name) === 'number') &&
    ['used', 'pendingAcquires'].every((name) => Array.isArray(ownValue(lock, name)));
  return isPool ? prototypeWith(lock, ['acquire', '_executeEventHandlers']) : undefined;
}

class TarnPools {
  readonly #watcher: Watcher;
  readonly #holders = new PoolHolders();
  /** What is asked for, by pool and the number of the event that began it. */
  readonly #asked = new WeakMap<object, Map<unknown, LockRequest>>();
  /** The request that is being made: its event has a number in a moment. */
  #asking: LockRequest | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  acquire(original: Call): Call {
    const pools = this;
    return function acquire(...args) {
      const lock = pools.#watcher.lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      // Every wait of this library ends: where no time is given it is half a minute.
      const request = pools.#watcher.request(lock, { below: acquire, site: knexCalls.site, ends: true });
      pools.#asking = request;
      let pending: unknown;
      try {
        pending = original.apply(this, args);
      } catch (error) {
        request.withdrawn();
        throw error;
      } finally {
        pools.#asking = undefined;
      }
      const { used, max, destroyed } = this as TarnPool;
      if (used.length >= max && !destroyed && request.state === 'waiting') {
        request.blocked(true);
      }
      if (isObject(pending)) {
        request.owns((pending as object as PendingOperation).promise);
        request.owns(knexCalls.handle);
      }
      return pending;
    };
  }

  tell(original: Call): Call {
    const pools = this;
    return function _executeEventHandlers(...args) {
      pools.#told(this, args);
      return original.apply(this, args);
    };
  }

  #told(pool: object, [event, subject, outcome]: readonly unknown[]): void {
    switch (event) {
      case 'acquireRequest':
        this.#begun(pool, subject);
        break;
      case 'acquireSuccess':
        this.#granted(pool, subject, outcome);
        break;
      case 'acquireFail':
        this.#failed(pool, subject, outcome);
        break;
      case 'release':
        // Told before it is given back. One that nobody holds the library refuses: knex gives back streams twice.
        this.#holders.released(pool, subject);
        break;
    }
  }

  #begun(pool: object, id: unknown): void {
    const request = this.#asking;
    // What the pool's listeners ask for meanwhile are requests of their own.
    this.#asking = undefined;
    if (request !== undefined && this.#watcher.lockOf(pool) === request.lock) {
      const asked = this.#asked.get(pool) ?? new Map<unknown, LockRequest>();
      this.#asked.set(pool, asked);
      asked.set(id, request);
    }
  }

  #granted(pool: object, id: unknown, resource: unknown): void {
    const request = this.#taken(pool, id);
    if (request !== undefined) {
      this.#holders.granted({ request, pool }, resource);
    }
  }

  #failed(pool: object, id: unknown, error: unknown): void {
    const request = this.#taken(pool, id);
    // A wait that was aborted, or whose resource could not be made, says nothing.
    if (isTimeoutError(error)) {
      request?.gaveUp();
    } else {
      request?.withdrawn();
    }
  }

  #taken(pool: object, id: unknown): LockRequest | undefined {
    const asked = this.#asked.get(pool);
    const request = asked?.get(id);
    asked?.delete(id);
    return request;
  }
}
