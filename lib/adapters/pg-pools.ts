/**
 * pg-pool: what the pools of one copy of the library are asked for and give. Sockets and queues belong to the pool, so what they do
 * is done outside of all flows.
 */
import { flowHooks } from '../owner/promise-hooks.ts';
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { Watcher } from './adapter.ts';
import { type Call, likeOriginal } from './calls.ts';
import { outside } from './outside.ts';
import { type PoolQuery, withinPoolQuery } from './pg-flows.ts';
import type { LockRequest } from './request.ts';

interface Item {
  readonly timedOut?: boolean;
  callback: Call;
}

interface PgPool {
  readonly options: { readonly max?: unknown; readonly connectionTimeoutMillis?: unknown };
  readonly _pendingQueue: readonly Item[];
  readonly _idle: readonly object[];
}

/** A call of `connect`. */
interface Connect {
  readonly lock: LockInstance;
  readonly site: RawSite;
  /** The call of `query` that it is a part of. */
  readonly querying: PoolQuery | undefined;
  readonly original: Call;
}

/** Clients that a pool makes at most; `undefined` where there is no limit. */
export function capacityOf(pool: object): number | undefined {
  const max = Math.ceil(Number((pool as PgPool).options.max));
  return Number.isFinite(max) && max >= 1 ? max : undefined;
}

export class PgPools {
  readonly #watcher: Watcher;
  readonly #asked = new WeakMap<object, LockRequest>();
  readonly #held = new WeakMap<object, LockRequest>();
  /** The request that is being made, until its item is known. */
  #asking: LockRequest | undefined;
  /** The call of `query` that is about to connect. */
  #querying: PoolQuery | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  connect(original: Call): Call {
    const pools = this;
    return function connect(...args) {
      const lock = pools.#watcher.lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      lock.capacity = capacityOf(this) ?? lock.capacity;
      const querying = pools.#querying;
      pools.#querying = undefined;
      const site = querying?.site ?? pools.#watcher.site(connect);
      const ask = (): unknown => pools.#connect(this as unknown as PgPool, args, { lock, site, querying, original });
      return querying === undefined ? ask() : flowHooks.carrier.run(querying.context, ask);
    };
  }

  #connect(pool: PgPool, args: readonly unknown[], { lock, site, querying, original }: Connect): unknown {
    const ends = Number(pool.options.connectionTimeoutMillis) > 0;
    const request = this.#watcher.request(lock, { site, ends });
    const [callback, ...rest] = args;
    const given = typeof callback === 'function' ? [this.#inFlow(callback as Call, request, querying), ...rest] : args;
    const before = this.#asking;
    const { length } = pool._pendingQueue;
    this.#asking = request;
    try {
      const result = outside(() => original.apply(pool, [...given]));
      if (this.#asking === request) {
        this.#queued(request, pool, pool._pendingQueue.length > length ? pool._pendingQueue.at(-1) : undefined);
      }
      return request.owns(result);
    } catch (error) {
      request.withdrawn();
      throw error;
    } finally {
      this.#asking = before;
    }
  }

  // Without an item the call was refused: the pool has ended.
  #queued(request: LockRequest, pool: PgPool, item: Item | undefined): void {
    if (item === undefined) {
      request.withdrawn();
      return;
    }
    this.#asked.set(item, request);
    watchTimeout(item, request);
    // Clients that are still connecting are soon somebody's; who holds the others is looked at then.
    if (pool._idle.length === 0) {
      request.blocked(true);
    }
  }

  /** The callback of a connect goes on as the flow that asked, and owns the client. */
  #inFlow(callback: Call, request: LockRequest, querying: PoolQuery | undefined): Call {
    const failed = this.#watcher.bound(callback);
    if (querying !== undefined) {
      querying.request = request;
    }
    return likeOriginal(function inFlow(this: object, ...args: unknown[]) {
      if (request.state !== 'held') {
        return failed.apply(this, args);
      }
      return request.run(() => withinPoolQuery(querying, () => callback.apply(this, args)));
    }, callback);
  }

  query(original: Call): Call {
    const pools = this;
    return function query(...args) {
      if (pools.#watcher.lockOf(this) === undefined || typeof args[0] === 'function') {
        return original.apply(this, args);
      }
      const querying: PoolQuery = { site: pools.#watcher.site(query), context: flowHooks.context, owned: [] };
      const at = args.findIndex((arg, index) => index > 0 && typeof arg === 'function');
      if (at > 0) {
        args[at] = pools.#afterQuery(args[at] as Call, querying);
      }
      pools.#querying = querying;
      try {
        const result = outside(() => original.apply(this, args));
        querying.result = result;
        querying.request?.seen(result);
        for (const request of querying.owned) {
          request.owns(result);
        }
        return result;
      } finally {
        pools.#querying = undefined;
      }
    };
  }

  // The client is back in the pool by then; whoever goes on has seen that it was to be had.
  #afterQuery(callback: Call, querying: PoolQuery): Call {
    const plain = this.#watcher.bound(callback);
    return likeOriginal(function afterQuery(this: object, ...args: unknown[]) {
      const { request, owned, context } = querying;
      const lock = owned.at(-1);
      if (lock?.state === 'held') {
        return lock.run(() => callback.apply(this, args));
      }
      const after = request && flowHooks.carrier.run(context, () => request.after(callback));
      return (after ?? plain).apply(this, args);
    }, callback);
  }

  newClient(original: Call): Call {
    const pools = this;
    return function newClient(item, ...args) {
      const asking = pools.#asking;
      if (asking !== undefined) {
        pools.#asking = undefined;
        pools.#asked.set(item as Item, asking);
      }
      const request = pools.#asked.get(item as Item);
      if (request !== undefined) {
        withdrawnByError(item as Item, request);
      }
      return outside(() => original.call(this, item, ...args));
    };
  }

  acquireClient(original: Call): Call {
    const pools = this;
    return function acquireClient(client, item, ...args) {
      const request = pools.#asked.get(item as Item);
      if (request !== undefined && (item as Item).timedOut !== true) {
        pools.#held.set(client as object, request);
        request.granted();
      }
      return outside(() => original.call(this, client, item, ...args));
    };
  }

  release(original: Call): Call {
    const pools = this;
    return function release(client, ...args) {
      const request = pools.#held.get(client as object);
      pools.#held.delete(client as object);
      // Told first: whoever waits gets it before the call returns.
      request?.released();
      return outside(() => original.call(this, client, ...args));
    };
  }
}

// The pool says that the wait has timed out by a flag on its item, and then to nobody but the program.
function watchTimeout(item: Item, request: LockRequest): void {
  let timedOut: unknown;
  Object.defineProperty(item, 'timedOut', {
    configurable: true,
    enumerable: true,
    get: () => timedOut,
    set(value: unknown) {
      timedOut = value;
      if (value === true) {
        request.gaveUp();
      }
    },
  });
}

// A client that cannot connect says nothing of the lock.
function withdrawnByError(item: Item, request: LockRequest): void {
  const { callback } = item;
  item.callback = likeOriginal(function told(this: object, error: unknown, ...args: unknown[]) {
    if (error) {
      request.withdrawn();
    }
    return callback.call(this, error, ...args);
  }, callback);
}
