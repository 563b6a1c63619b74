/**
 * pg and pg-pool: a pool is a counting resource. `connect` makes an item, which waits in a queue or for a new client; the pool
 * gives the client to the item in `_acquireClient`, and takes it back in `_release`, once. `query` is a connect, a query and a
 * release in one call. The advisory locks of the server are those of clients: see `pg-advisory.ts`.
 */
import { type Adapter, defineAdapter, type Exports, type Watcher } from './adapter.ts';
import { isObject, watchConstructor } from './calls.ts';
import { watchClient } from './pg-advisory.ts';
import { capacityOf, PgPools } from './pg-pools.ts';
import { replaceNeeded } from './pool-requests.ts';
import { ownValue, prototypeWith } from './shape.ts';

const METHODS = ['connect', 'query', 'newClient', '_acquireClient', '_release'];

type Class = new (...args: never[]) => object;

export const pg: Adapter = defineAdapter({
  name: 'pg',
  versions: { from: '8.0.0', below: '9.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports | undefined {
    const { Client, Pool } = exports;
    if (typeof Client === 'function') {
      watchClient(Client.prototype as object, watcher);
    }
    return typeof Pool === 'function' ? { Pool: watchedPool(Pool as Class, watcher) } : undefined;
  },
});

export const pgPool: Adapter = defineAdapter({
  name: 'pg-pool',
  versions: { from: '3.0.0', below: '4.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports | undefined {
    const { default: Pool } = exports;
    return typeof Pool === 'function' ? { default: watchedPool(Pool as Class, watcher) } : undefined;
  },
  adopt(pool: object, watcher: Watcher): object | undefined {
    const prototype = prototypeWith(pool, METHODS);
    const isPool =
      prototype !== undefined && Array.isArray(ownValue(pool, '_pendingQueue')) && isObject(ownValue(pool, 'options'));
    if (!isPool) {
      return undefined;
    }
    watchPool(prototype, watcher);
    know(pool, watcher, { below: pgPool.adopt });
    return pool;
  },
});

function watchedPool(Pool: Class, watcher: Watcher): Class {
  const prototype = prototypeWith(Object.create(Pool.prototype as object) as object, METHODS);
  if (prototype === undefined) {
    throw new Error('pg-pool has not the methods that could be watched');
  }
  watchPool(prototype, watcher);
  const watched: Class = watchConstructor(Pool, (pool, _, from) => {
    // The class that pg gives out extends that of pg-pool: then both tell of a pool, and the outer one knows the place.
    if (!classes.has(from.maker)) {
      watcher.orElse(undefined, () => know(pool, watcher, from));
    }
  });
  classes.add(watched);
  return watched;
}

/** The watched ones. */
const classes = new Set<unknown>();

function know(pool: object, watcher: Watcher, from: { readonly below: unknown; readonly maker?: unknown }): void {
  const capacity = capacityOf(pool);
  if (watcher.lockOf(pool) === undefined && capacity !== undefined) {
    watcher.know(pool, { kind: 'pool', capacity, ...from });
  }
}

function watchPool(prototype: object, watcher: Watcher): void {
  watcher.once(prototype, () => {
    const pools = new PgPools(watcher);
    replaceNeeded('pg-pool', prototype, {
      connect: (original) => pools.connect(original),
      query: (original) => pools.query(original),
      newClient: (original) => pools.newClient(original),
      _acquireClient: (original) => pools.acquireClient(original),
      _release: (original) => pools.release(original),
    });
  });
}
