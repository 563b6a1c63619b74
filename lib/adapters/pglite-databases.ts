/**
 * PGlite: the databases of one copy of the library. A call waits until the database is ready before it takes a mutex: so the
 * request is made by the call, and found again in what its flow carries.
 */
import { push } from '../owner/context.ts';
import { flowHooks } from '../owner/promise-hooks.ts';
import type { Ticket } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { NewLock, Watcher } from './adapter.ts';
import { attach, type Call, isObject, replaceMethod, whenDone } from './calls.ts';
import { outside } from './outside.ts';
import { prototypeWith } from './shape.ts';

type Method = 'transactions' | 'queries';

/** The two mutexes of a database. */
type Mutexes = Readonly<Record<Method, LockInstance>>;

/** What takes the mutex of transactions, as soon as the database is ready. */
const TAKERS = ['query', 'exec', 'describeQuery', 'transaction'];
/** The one of these that calls the program back, which then calls for itself. */
const CALLS_BACK = 'transaction';
/** What calls those, or takes the mutex of queries, before it returns. */
const CALLERS = ['sql', 'runExclusive', 'refreshArrayTypes', 'listen', 'unlisten'];

export class PgliteDatabases {
  readonly #watcher: Watcher;
  readonly #mutexes = new WeakMap<object, Mutexes>();
  /** Requests that calls have made and not come to yet. */
  readonly #open = new WeakSet<Ticket>();
  /** Requests of calls that the program has no part in until they are over. */
  readonly #closed = new WeakSet<Ticket>();
  /** The call that the program makes, until it returns. */
  #site: RawSite | undefined;
  /** Its request, until it waits for the database. */
  #asking: Ticket | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  watch(prototype: object): void {
    const replace = (names: readonly string[], wrap: (original: Call, name: string) => Call): void => {
      for (const name of names) {
        const at = prototypeWith(Object.create(prototype) as object, [name]);
        if (at !== undefined) {
          replaceMethod(at, name, (original) => wrap(original, name));
        }
      }
    };
    replace(TAKERS, (original, name) => this.#taker(original, name !== CALLS_BACK));
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
        // Who waits for the promise is seen while something is in use.
        flowHooks.use();
        databases.#watcher.hear(result, {
          fulfilled: (database) => {
            flowHooks.unuse();
            databases.#keep(database as object, mutexes);
          },
          rejected: () => flowHooks.unuse(),
        });
      }
      return result;
    };
  }

  #taker(original: Call, isClosed: boolean): Call {
    const databases = this;
    return function take(...args) {
      const mutexes = databases.#mutexes.get(this);
      if (mutexes === undefined) {
        return original.apply(this, args);
      }
      const { tracker } = databases.#watcher;
      const ticket = tracker.request(mutexes.transactions, { below: take, site: databases.#site });
      databases.#open.add(ticket);
      if (isClosed) {
        databases.#closed.add(ticket);
      }
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
      if (this.#asking !== undefined) {
        // A call that does not wait until the database is ready, as some do in older versions, takes another way.
        this.#close(this.#asking);
        this.#asking = undefined;
      }
    }
  }

  /** Whoever waits here goes on right after this promise: with the mutex, or never. */
  #checkReady(original: Call): Call {
    const databases = this;
    return function checkReady(...args) {
      const ticket = databases.#asking;
      databases.#asking = undefined;
      const result = original.apply(this, args);
      if (ticket !== undefined && isObject(result)) {
        const close = (): void => databases.#close(ticket);
        // In the flow it would seem that the call goes on there. The library itself waits for this promise.
        outside(() => attach(result, () => outside(() => queueMicrotask(close)), close));
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
      const ticket =
        databases.#found(databases.#open, lock) ??
        tracker.request(lock, { site: databases.#siteIn(mutexes), below: exclusive });
      databases.#open.delete(ticket);
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

  /** Where the program made the call that the running code belongs to. */
  #siteIn({ transactions }: Mutexes): RawSite | undefined {
    return this.#site ?? this.#found(this.#closed, transactions)?.place ?? undefined;
  }

  /** The request of a lock that the running flow carries. */
  #found(which: WeakSet<Ticket>, lock: LockInstance): Ticket | undefined {
    for (let at = flowHooks.context; at !== null; at = at.up) {
      const { ticket } = at;
      if (ticket !== null && ticket.lock === lock) {
        return which.has(ticket) ? ticket : undefined;
      }
    }
    return undefined;
  }
}
