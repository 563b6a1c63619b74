/**
 * mysql2: a pool gives a connection to a callback, and everything else goes through that: the promises of `mysql2/promise`, and
 * `query` and `execute`, which take a connection for one statement. A connection comes back by its own `release`, or is lost
 * to the pool. Callbacks are called in the context of the socket, that of whoever needed the connection first: they are led
 * back to the flow that left them. Classes that the library keeps to itself are met through their first instance.
 */
import { type Adapter, defineAdapter, type Exports, type Watcher } from './adapter.ts';
import { type Call, likeOriginal, watchConstructor } from './calls.ts';
import { coreOf, MysqlPools } from './mysql2-pools.ts';

type PoolClass = new (...args: never[]) => object;

export const mysql2: Adapter = defineAdapter({
  name: 'mysql2',
  versions: { from: '3.0.0', below: '4.0.0' },
  entries: ['promise'],
  watch(exports: Exports, watcher: Watcher): Exports {
    const { createPool, createPoolCluster, Pool, PoolCluster } = exports as Record<string, Call & PoolClass>;
    if (typeof createPool !== 'function' || typeof createPoolCluster !== 'function') {
      throw new Error('mysql2 has no createPool and createPoolCluster');
    }
    const pools = poolsOf(watcher);
    if (typeof PoolCluster === 'function') {
      pools.watchCluster(PoolCluster.prototype);
    }
    return {
      createPool: watchedMaker(createPool, (pool, below) => pools.know(pool, { below })),
      createPoolCluster: watchedMaker(createPoolCluster, (cluster) => pools.meetCluster(cluster)),
      ...(typeof Pool === 'function' && {
        Pool: watchConstructor(Pool, (pool, _, from) => watcher.orElse(undefined, () => pools.know(pool, from))),
      }),
    };

    function watchedMaker(original: Call, made: (object: object, below: unknown) => void): Call {
      const make: Call = likeOriginal(function (this: object, ...args: unknown[]) {
        const object = original.apply(this, args) as object;
        watcher.orElse(undefined, () => made(object, make));
        return object;
      }, original);
      return make;
    }
  },
  adopt(lock: object, watcher: Watcher): object | undefined {
    if (coreOf(lock) === undefined) {
      return undefined;
    }
    poolsOf(watcher).know(lock, { below: mysql2.adopt });
    return lock;
  },
});

const known = new WeakMap<Watcher, MysqlPools>();

// The package and its entry for promises have their pools in common.
function poolsOf(watcher: Watcher): MysqlPools {
  const made = known.get(watcher) ?? new MysqlPools(watcher);
  known.set(watcher, made);
  return made;
}
