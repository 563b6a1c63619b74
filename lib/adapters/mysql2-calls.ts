/**
 * mysql2: the calls of the program that ask a pool for a connection. All of them end up in `getConnection` of the pool, which
 * calls back with the connection; which call of the program that was for is known until it returns.
 */
import type { RawSite } from '../state/site.ts';
import type { Watcher } from './adapter.ts';
import { type Call, isObject, likeOriginal } from './calls.ts';
import { knexCalls } from './knex.ts';
import type { LockRequest } from './request.ts';

export interface Pool {
  readonly config: { readonly connectionLimit: number; readonly waitForConnections: boolean };
  readonly _connectionQueue: { readonly length: number };
}

/** A call of the program that asks for a connection before it returns. */
interface Asking {
  /** `work`: for one statement, and the library gives it back; `promise`: for whoever waits for the promise. */
  readonly how: 'work' | 'promise';
  readonly site: RawSite;
  request?: LockRequest | undefined;
}

/** Whoever is given a connection. */
export type Granted = (request: LockRequest, connection: object, isWork: boolean) => void;

export class MysqlCalls {
  readonly #watcher: Watcher;
  readonly #granted: Granted;
  /** Callbacks that a pool was given by the watched method: it may hand them to that again. */
  readonly #told = new WeakSet<object>();
  #asking: Asking | undefined;

  constructor(watcher: Watcher, granted: Granted) {
    this.#watcher = watcher;
    this.#granted = granted;
  }

  getConnection(original: Call): Call {
    const calls = this;
    return function getConnection(callback, ...args) {
      const asking = calls.#asking;
      calls.#asking = undefined;
      const lock = calls.#watcher.lockOf(this);
      if (lock === undefined || typeof callback !== 'function' || calls.#told.has(callback)) {
        return original.call(this, callback, ...args);
      }
      const { config, _connectionQueue: queue } = this as Pool;
      const description = {
        below: getConnection,
        site: asking?.site ?? knexCalls.site,
        try: !config.waitForConnections,
      };
      const request = calls.#watcher.request(lock, description);
      if (asking !== undefined) {
        asking.request = request;
      }
      const waiting = queue.length;
      const result = original.call(this, calls.#callback(callback as Call, request, asking?.how), ...args);
      if (queue.length > waiting && request.state === 'waiting') {
        request.blocked(true);
      }
      return result;
    };
  }

  #callback(callback: Call, request: LockRequest, how: Asking['how'] | undefined): Call {
    const calls = this;
    const inFlow = this.#watcher.bound(callback);
    const told: Call = likeOriginal(function (this: object, ...args: unknown[]) {
      const [error, connection] = args;
      if (error || !isObject(connection)) {
        request.withdrawn();
        return inFlow.apply(this, args);
      }
      calls.#granted(request, connection, how === 'work');
      return how === 'promise' ? inFlow.apply(this, args) : request.run(() => callback.apply(this, args));
    }, callback);
    this.#told.add(told);
    return told;
  }

  /** A call that takes a connection for one statement; its callback goes on as the flow that called. */
  work(original: Call): Call {
    const calls = this;
    return function work(...args) {
      const asking: Asking = { how: 'work', site: calls.#asking?.site ?? calls.#watcher.site(work) };
      const at = args.findLastIndex((arg) => typeof arg === 'function');
      const callback = args[at] as Call | undefined;
      let after = callback;
      if (callback !== undefined) {
        args[at] = likeOriginal(function (this: object, ...values: unknown[]) {
          return after?.apply(this, values);
        }, callback);
      }
      const result = calls.#ask(asking, () => original.apply(this, args));
      after = callback && (asking.request?.after(callback) ?? callback);
      return result;
    };
  }

  promise(original: Call, arrives: 'owned' | 'seen'): Call {
    const calls = this;
    return function call(...args) {
      const asking: Asking = { how: 'promise', site: calls.#watcher.site(call) };
      const promise = calls.#ask(asking, () => original.apply(this, args));
      return arrives === 'owned'
        ? (asking.request?.owns(promise) ?? promise)
        : (asking.request?.seen(promise) ?? promise);
    };
  }

  #ask(asking: Asking, work: () => unknown): unknown {
    const before = this.#asking;
    this.#asking = asking;
    try {
      return work();
    } finally {
      this.#asking = before;
      // What a pool of promises asks for it asks through the one inside.
      if (before !== undefined) {
        before.request ??= asking.request;
      }
    }
  }
}
