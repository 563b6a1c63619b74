/**
 * knex: its pool is tarn's, and watched there. A query is made by one call and sent by another one: `await db('t')` calls the `then`
 * of the builder when no frame of the program is on the stack any more. So what is kept here is where the program made
 * each query and each transaction; that is the place of the request for the connection that is sent from it.
 */
import type { RawSite } from '../state/site.ts';
import { type Adapter, defineAdapter, type Exports, type Watcher } from './adapter.ts';
import { type Call, isObject, likeOriginal, replaceMethod } from './calls.ts';

/** The query or transaction that asks its pool for a connection right now. */
export const knexCalls: {
  /** Where the program made it. */
  site: RawSite | undefined;
  /** The promise of `await db.transaction()`, where it is one: whoever waits for that owns the connection. */
  handle: object | undefined;
} = { site: undefined, handle: undefined };

export const knex: Adapter = defineAdapter({
  name: 'knex',
  versions: { from: '2.0.0', below: '4.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports {
    const { default: original, Client } = exports as { readonly default?: Call; readonly Client?: Class };
    if (typeof original !== 'function' || Client === undefined) {
      throw new Error('knex is no function with a class Client');
    }
    const queries = new KnexQueries(watcher);
    watcher.once(Client.prototype, () => queries.watchClients(Client.prototype));
    return {
      default: likeOriginal(function (this: object, ...args: unknown[]) {
        const made = original.apply(this, args);
        watcher.orElse(undefined, () => queries.watchHandle(made as Handle));
        return made;
      }, original),
    };
  },
});

interface Class {
  readonly prototype: object;
}

/** What `knex()` gives. */
interface Handle {
  readonly context?: object;
}

/** What makes queries and transactions. */
const MAKERS = ['queryBuilder', 'schemaBuilder', 'raw', 'transaction'] as const;
/** What makes another query of a query. */
const COPIER = 'clone';
/** What asks for a connection before it returns. */
const SENDERS = ['then', '_evaluateContainer'] as const;

class KnexQueries {
  readonly #watcher: Watcher;
  readonly #sites = new WeakMap<object, RawSite>();
  /** The promises of handles, by transaction. */
  readonly #handles = new WeakMap<object, { promise?: object }>();
  /** The transaction that is being begun by a call without a container. */
  #begun: { promise?: object } | undefined;
  readonly #watched = new WeakMap<object, Set<string>>();

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  /** Each dialect has a class of clients of its own; every client makes its pool, or gets one, by this method. */
  watchClients(prototype: object): void {
    const queries = this;
    replaceMethod(prototype, 'initializePool', (original) => {
      return function initializePool(...args) {
        queries.#watcher.orElse(undefined, () => {
          for (const name of MAKERS) {
            queries.#watchOwners(this, name, (maker) => queries.#maker(maker));
          }
        });
        return original.apply(this, args);
      };
    });
  }

  /** `db.transaction()` without a container gives a promise of a handle. */
  watchHandle({ context }: Handle): void {
    const queries = this;
    if (context === undefined) {
      return;
    }
    replaceMethod(context, '_transaction', (original) => {
      return function transaction(container, ...args) {
        if (container) {
          return original.call(this, container, ...args);
        }
        const begun: { promise?: object } = {};
        queries.#begun = begun;
        try {
          const promise = original.call(this, container, ...args);
          if (isObject(promise)) {
            begun.promise = promise;
          }
          return promise;
        } finally {
          queries.#begun = undefined;
        }
      };
    });
  }

  #maker(original: Call): Call {
    const queries = this;
    return function make(...args) {
      const made = original.apply(this, args);
      if (isObject(made)) {
        queries.#watcher.orElse(undefined, () => queries.#made(made, make));
      }
      return made;
    };
  }

  #made(query: object, below: unknown): void {
    this.#sites.set(query, this.#watcher.site(below));
    if (this.#begun !== undefined) {
      this.#handles.set(query, this.#begun);
    }
    this.#watchOwners(query, COPIER, (copier) => this.#maker(copier));
    for (const name of SENDERS) {
      this.#watchOwners(query, name, (sender) => this.#sender(sender));
    }
  }

  #sender(original: Call): Call {
    const queries = this;
    return function send(...args) {
      const { site, handle } = knexCalls;
      knexCalls.site = queries.#sites.get(this);
      knexCalls.handle = queries.#handles.get(this)?.promise;
      try {
        return original.apply(this, args);
      } finally {
        knexCalls.site = site;
        knexCalls.handle = handle;
      }
    };
  }

  /** Replaces a method wherever the classes of an object define it, once. */
  #watchOwners(object: object, name: string, wrap: (original: Call) => Call): void {
    let at = Object.getPrototypeOf(object) as object | null;
    for (; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
      const watched = this.#watched.get(at) ?? new Set();
      this.#watched.set(at, watched);
      if (!watched.has(name)) {
        watched.add(name);
        replaceMethod(at, name, wrap);
      }
    }
  }
}
