/**
 * PGlite: one connection inside of the process. All that the root handle does takes one mutex, a transaction keeps it to its
 * end, and each query takes a second one inside of it, which `runExclusive` takes alone. Both are mutexes of the bundle that
 * nobody else can see, but they are taken in `_runExclusiveTransaction` and `_runExclusiveQuery`. Before the first of these a
 * call waits until the database is ready: so the request is made by the call, and found again in what its flow carries.
 */
import { push } from '../owner/context.ts';
import { flowHooks } from '../owner/promise-hooks.ts';
import type { Ticket } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import { type Call, isObject, replaceMethod, watchConstructor, whenDone } from './calls.ts';
import { prototypeWith } from './shape.ts';

type Class = new (...args: never[]) => object;
type Method = 'transactions' | 'queries';

/** The two mutexes of a database. */
type Mutexes = Readonly<Record<Method, LockInstance>>;

const METHODS = ['_runExclusiveTransaction', '_runExclusiveQuery'];
/** What takes the mutex of transactions, as soon as the database is ready. */
const TAKERS = ['query', 'exec', 'describeQuery', 'transaction'];
/** What calls those, or takes the mutex of queries, before it returns. */
const CALLERS = ['sql', 'runExclusive', 'refreshArrayTypes', 'listen', 'unlisten'];

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

const known = new WeakMap<object, WeakMap<object, Databases>>();

/** What watches the databases of one copy of the library. */
function databasesAt(prototype: object, watcher: Watcher): Databases {
  const all = known.get(watcher) ?? new WeakMap<object, Databases>();
  known.set(watcher, all);
  const found = all.get(prototype) ?? new Databases(watcher);
  all.set(prototype, found);
  watcher.once(prototype, () => found.watch(prototype));
  return found;
}

class Databases {
  readonly #watcher: Watcher;
  readonly #mutexes = new WeakMap<object, Mutexes>();
  /** Requests that calls have made and not come to yet. */
  readonly #open = new WeakSet<Ticket>();
  /** The call that the program makes, until it returns. */
  #site: RawSite | undefined;
  /** Its request, until it waits for the database. */
  #asking: Ticket | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  watch(prototype: object): void {
    const replace = (names: readonly string[], wrap: (original: Call) => Call): void => {
      for (const name of names) {
        const at = prototypeWith(Object.create(prototype) as object, [name]);
        if (at !== undefined) {
          replaceMethod(at, name, wrap);
        }
      }
    };
    replace(TAKERS, (original) => this.#taker(original));
    replace(CALLERS, (original) => this.#caller(original));
    replace(['_runExclusiveListen'], (original) => this.#listener(original));
    replace(['_checkReady'], (original) => this.#checkReady(original));
    replace(['_runExclusiveTransaction'], (original) => this.#exclusive(original, 'transactions'));
    replace(['_runExclusiveQuery'], (original) => this.#exclusive(original, 'queries'));
  }

  know(database: object, from: Pick<NewLock, 'below' | 'maker'>): void {
    if (!this.#mutexes.has(database)) {
      this.#keep(database, this.#mutexesAt(from));
    }
  }

  #keep(database: object, mutexes: Mutexes | undefined): void {
    if (mutexes !== undefined) {
      this.#mutexes.set(database, mutexes);
      this.#watcher.alias(database, mutexes.transactions);
    }
  }

  #mutexesAt(from: Pick<NewLock, 'below' | 'maker'>): Mutexes | undefined {
    const transactions = this.#watcher.lock({ kind: 'mutex', ...from });
    const queries = this.#watcher.keyed({}, { kind: 'mutex', ...from })?.lock('queries');
    return transactions && queries && { transactions, queries };
  }

  /** `PGlite.create` makes its database by the inner name of the class: the program has it when the promise is fulfilled. */
  create(original: Call): Call {
    const databases = this;
    return function create(...args) {
      const result = original.apply(this, args);
      // A database makes another one for itself, to set up its files.
      if (!args.some((arg) => isObject(arg) && arg['noInitDb'] === true)) {
        const mutexes = databases.#watcher.orElse<Mutexes | undefined>(undefined, () =>
          databases.#mutexesAt({ below: create }),
        );
        databases.#watcher.hear(result, {
          fulfilled: (database) => databases.#keep(database as object, mutexes),
          rejected: () => {},
        });
      }
      return result;
    };
  }

  #taker(original: Call): Call {
    const databases = this;
    return function take(...args) {
      const mutexes = databases.#mutexes.get(this);
      if (mutexes === undefined) {
        return original.apply(this, args);
      }
      const { tracker } = databases.#watcher;
      const ticket = tracker.request(mutexes.transactions, { below: take, site: databases.#site });
      databases.#open.add(ticket);
      databases.#asking = ticket;
      return databases.#within(undefined, () =>
        flowHooks.carrier.run(push(flowHooks.context, ticket, false), () => original.apply(this, args)),
      );
    };
  }

  #caller(original: Call): Call {
    const databases = this;
    return function call(...args) {
      if (!databases.#mutexes.has(this)) {
        return original.apply(this, args);
      }
      const site = databases.#site ?? databases.#watcher.site(call);
      return databases.#within(site, () => original.apply(this, args));
    };
  }

  /** Listeners are added one by one, each by a call of a query that begins later. */
  #listener(original: Call): Call {
    const databases = this;
    return function listen(work, ...args) {
      const site = databases.#site;
      const given = site && typeof work === 'function' ? () => databases.#within(site, () => work() as unknown) : work;
      return original.call(this, given, ...args);
    };
  }

  // What is called in the stretch that the call begins with is a part of it.
  #within(site: RawSite | undefined, work: () => unknown): unknown {
    const before = this.#site;
    this.#site = site;
    try {
      return work();
    } finally {
      this.#site = before;
      this.#asking = undefined;
    }
  }

  /** Whoever waits here goes on right after this promise: with the mutex, or never. */
  #checkReady(original: Call): Call {
    const databases = this;
    return function checkReady(...args) {
      const ticket = databases.#asking;
      databases.#asking = undefined;
      const result = original.apply(this, args);
      if (ticket !== undefined) {
        const close = (): void => databases.#close(ticket);
        databases.#watcher.hear(result, { fulfilled: () => queueMicrotask(close), rejected: close });
      }
      return result;
    };
  }

  #close(ticket: Ticket): void {
    if (this.#open.delete(ticket)) {
      this.#watcher.tracker.withdrawn(ticket);
    }
  }

  #exclusive(original: Call, method: Method): Call {
    const databases = this;
    return function exclusive(work, ...args) {
      const mutexes = databases.#mutexes.get(this);
      if (mutexes === undefined || typeof work !== 'function') {
        return original.call(this, work, ...args);
      }
      const lock = mutexes[method];
      const { tracker } = databases.#watcher;
      const ticket = databases.#asked(lock) ?? tracker.request(lock, { site: databases.#site, below: exclusive });
      if (tracker.holders(lock).length > 0) {
        tracker.blocked(ticket, true);
      }
      const hold = (): unknown => {
        tracker.granted(ticket);
        return tracker.run(ticket, () =>
          whenDone(
            () => work() as unknown,
            (evidence) => tracker.released(ticket, evidence),
          ),
        );
      };
      return tracker.markSeen(original.call(this, hold, ...args), ticket);
    };
  }

  /** The request of the call that the running code belongs to. */
  #asked(lock: LockInstance): Ticket | undefined {
    for (let at = flowHooks.context; at !== null; at = at.up) {
      const { ticket } = at;
      if (ticket !== null && ticket.lock === lock && this.#open.delete(ticket)) {
        return ticket;
      }
    }
    return undefined;
  }
}
