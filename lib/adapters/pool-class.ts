/**
 * Packages whose `Pool` is a class: what tarn and sequelize-pool have in common.
 */
import { type Adapter, defineAdapter, type NewLock, type Watcher } from './adapter.ts';
import { type Call, watchConstructor } from './calls.ts';
import { replaceNeeded } from './pool-requests.ts';

export interface PoolPackage<Pool extends object> extends Pick<Adapter, 'name' | 'versions'> {
  capacityOf(pool: Pool): number;
  /** The prototype that has the methods of a pool, if this is one. */
  prototypeOf(lock: object): object | undefined;
  /** What stands in place of the methods of a pool. */
  methods(watcher: Watcher): Readonly<Record<string, (original: Call) => Call>>;
}

export function poolAdapter<Pool extends object>(
  library: PoolPackage<Pool>,
): Adapter & Required<Pick<Adapter, 'adopt'>> {
  const { name, versions } = library;
  const know = (pool: object, watcher: Watcher, from: Pick<NewLock, 'below' | 'maker'>): void => {
    watcher.know(pool, { kind: 'pool', capacity: library.capacityOf(pool as Pool), ...from });
  };
  const watchPools = (prototype: object, watcher: Watcher): void => {
    watcher.once(prototype, () => replaceNeeded(name, prototype, library.methods(watcher)));
  };
  const adapter = defineAdapter({
    name,
    versions,
    watch(exports, watcher) {
      const { Pool } = exports as { readonly Pool?: new (...args: never[]) => Pool };
      if (typeof Pool !== 'function') {
        throw new Error(`${name} has no class Pool`);
      }
      watchPools(Pool.prototype as object, watcher);
      return {
        Pool: watchConstructor(Pool, (pool, _, from) => {
          watcher.orElse(undefined, () => know(pool, watcher, from));
        }),
      };
    },
    adopt(lock: object, watcher: Watcher): object | undefined {
      const prototype = library.prototypeOf(lock);
      if (prototype === undefined) {
        return undefined;
      }
      watchPools(prototype, watcher);
      know(lock, watcher, { below: adapter.adopt });
      return lock;
    },
  } satisfies Adapter) as Adapter & Required<Pick<Adapter, 'adopt'>>;
  return adapter;
}
