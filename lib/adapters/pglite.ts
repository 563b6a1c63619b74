/**
 * PGlite: one connection inside of the process. All that the root handle does takes one mutex, a transaction keeps it to its
 * end, and each query takes a second one inside of it, which `runExclusive` takes alone. Both are mutexes of the bundle that
 * nobody else can see, but they are taken in `_runExclusiveTransaction` and `_runExclusiveQuery`.
 */
import { type Adapter, defineAdapter, type Exports, type Watcher } from './adapter.ts';
import { replaceMethod, watchConstructor } from './calls.ts';
import { PgliteDatabases } from './pglite-databases.ts';
import { prototypeWith } from './shape.ts';

type Class = new (...args: never[]) => object;

const METHODS = ['_runExclusiveTransaction', '_runExclusiveQuery'];

export const pglite: Adapter = defineAdapter({
  name: '@electric-sql/pglite',
  versions: { from: '0.2.0', below: '0.6.0' },
  watch(exports: Exports, watcher: Watcher): Exports | undefined {
    const { PGlite } = exports;
    if (typeof PGlite !== 'function') {
      return undefined;
    }
    const prototype = prototypeWith(Object.create(PGlite.prototype as object) as object, METHODS);
    if (prototype === undefined) {
      throw new Error('PGlite has not the methods that could be watched');
    }
    const databases = databasesAt(prototype, watcher);
    watcher.once(PGlite, () => {
      replaceMethod(PGlite, 'create', (original) => databases.create(original));
    });
    return {
      PGlite: watchConstructor(PGlite as Class, (database, _, from) => {
        watcher.orElse(undefined, () => databases.know(database, from));
      }),
    };
  },
  adopt(database: object, watcher: Watcher): object | undefined {
    const prototype = prototypeWith(database, METHODS);
    if (prototype === undefined) {
      return undefined;
    }
    databasesAt(prototype, watcher).know(database, { below: pglite.adopt });
    return database;
  },
});

const known = new WeakMap<object, WeakMap<object, PgliteDatabases>>();

/** What watches the databases of one copy of the library. */
function databasesAt(prototype: object, watcher: Watcher): PgliteDatabases {
  const all = known.get(watcher) ?? new WeakMap<object, PgliteDatabases>();
  known.set(watcher, all);
  const found = all.get(prototype) ?? new PgliteDatabases(watcher);
  all.set(prototype, found);
  watcher.once(prototype, () => found.watch(prototype));
  return found;
}
