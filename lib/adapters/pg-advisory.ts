/**
 * pg: the advisory locks of PostgreSQL, taken and given back by the SQL text of queries. A lock belongs to the session, which is
 * the client, and the flow that asked for it holds it. What a query did is read from its rows when the server is ready for the
 * next one; that message also tells the end of a transaction, and so of the locks that are held to its end.
 */
import { flowHooks } from '../owner/promise-hooks.ts';
import type { LockInstance } from '../state/classes.ts';
import type { Watcher } from './adapter.ts';
import { type Call, likeOriginal } from './calls.ts';
import type { KeyedLocks } from './keyed-locks.ts';
import { outside } from './outside.ts';
import { type AdvisoryCall, type AdvisoryKey, advisoryCalls, keyOf } from './pg-advisory-sql.ts';
import { activeOf, type Client, endsByItself, queueOf, resultsOf, textOf } from './pg-client.ts';
import { type PoolQuery, poolQuery } from './pg-flows.ts';
import { type Asked, modesIn, Session, type Step } from './pg-session.ts';
import { replaceNeeded } from './pool-requests.ts';
import type { LockRequest } from './request.ts';

/** Watches the clients of one copy of the library. */
export function watchClient(prototype: object, watcher: Watcher): void {
  watcher.once(prototype, () => {
    const clients = new AdvisoryLocks(watcher);
    const before = (tell: (client: object, message: unknown) => void) => (original: Call) =>
      clients.before(original, tell);
    replaceNeeded('pg', prototype, {
      query: (original) => clients.query(original),
      _pulseQueryQueue: (original) => clients.pulse(original),
      _handleReadyForQuery: before((client, message) => clients.ready(client, message as { readonly status?: string })),
      _handleErrorMessage: before((client, message) => clients.failed(client, message as { readonly code?: string })),
      _errorAllQueries: before((client) => clients.ended(client)),
      end: before((client) => clients.ended(client)),
      connect: (original) => {
        return function connect(...args) {
          const given = args.map((arg) => (typeof arg === 'function' ? watcher.bound(arg as Call) : arg));
          // The socket is nobody's: its callbacks come for whoever has sent a query.
          return outside(() => original.apply(this, given));
        };
      },
    });
  });
}

const GIVES_SOME = /^\s*rollback\s+(?:(?:work|transaction)\s+)?to\b/i;
const GIVES_ALL = /^\s*discard\s+all\b/i;
/** So many keys that stand in the text of queries are names; more than that are values. */
const NAMED = 100;

class AdvisoryLocks {
  readonly #watcher: Watcher;
  readonly #sessions = new WeakMap<object, Session>();
  readonly #asked = new WeakMap<object, Asked>();
  /** By database and key. */
  readonly #named = new Map<string, LockInstance>();
  readonly #keyed = new Map<string, KeyedLocks>();
  #asking: Asked | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  before(original: Call, work: (client: object, message: unknown) => void): Call {
    const { tracker } = this.#watcher;
    return function before(...args) {
      tracker.guarded(() => work(this, args[0]));
      return original.apply(this, args);
    };
  }

  query(original: Call): Call {
    const locks = this;
    return function query(...args) {
      const asked = locks.#watcher.orElse<Asked | undefined>(undefined, () => locks.#ask(this, args, query));
      const requests = asked?.steps.flatMap(({ request }) => request ?? []) ?? [];
      const at = args.findIndex((arg, index) => index > 0 && typeof arg === 'function');
      if (at > 0 && (requests.length > 0 || flowHooks.context !== null)) {
        args[at] = locks.#inFlow(args[at] as Call, requests.at(-1));
      }
      const before = locks.#asking;
      locks.#asking = asked;
      try {
        // Promises and timers of the library are nothing that the flow has left to do.
        const result = outside(() => original.apply(this, args));
        if (at < 0) {
          for (const request of requests) {
            request.owns(result);
          }
        }
        return result;
      } finally {
        locks.#asking = before;
        if (asked?.isSent === false) {
          asked.session.forget(asked);
        }
      }
    };
  }

  /** The callback of a query goes on as the flow that asked, whoever's answer it comes with. */
  #inFlow(callback: Call, request: LockRequest | undefined): Call {
    const plain = this.#watcher.bound(callback);
    if (request === undefined) {
      return plain;
    }
    return likeOriginal(function inFlow(this: object, ...args: unknown[]) {
      if (args[0]) {
        request.gaveUp();
      }
      return request.state === 'held' ? request.run(() => callback.apply(this, args)) : plain.apply(this, args);
    }, callback);
  }

  #ask(client: object, [config, given]: readonly unknown[], below: unknown): Asked | undefined {
    const { text, values } = textOf(client as Client, config, given);
    const calls = text === undefined ? [] : advisoryCalls(text);
    const known = this.#sessions.get(client);
    if (text === undefined || (calls.length === 0 && known === undefined)) {
      return undefined;
    }
    const session = known ?? new Session(this.#watcher);
    this.#sessions.set(client, session);
    const querying = poolQuery();
    const site = calls.length === 0 ? undefined : (querying?.site ?? this.#watcher.site(below));
    const steps: Step[] = [];
    const asked: Asked = {
      session,
      steps,
      site,
      context: flowHooks.context,
      gives: GIVES_ALL.test(text) ? 'all' : GIVES_SOME.test(text) ? 'transaction' : 'none',
      isSent: false,
    };
    for (const call of calls) {
      const key = call.action === 'unlock-all' ? null : keyOf(call.args, values);
      const lock = key === null ? undefined : this.#lockOf(client as Client, key);
      session.isUnsure ||= lock === undefined && call.action === 'lock';
      steps.push({ call, lock, request: lock && this.#request({ session, steps, site }, call, lock) });
    }
    session.pending.add(asked);
    if (querying !== undefined) {
      this.#ownedBy(querying, steps);
    }
    const ends = endsByItself(client as Client, config);
    for (const { call, request, lock } of steps) {
      if (request !== undefined && lock !== undefined && !ends && !call.isTry && this.#isTaken(lock, session)) {
        request.blocked(true);
      }
    }
    return asked;
  }

  #ownedBy(querying: PoolQuery, steps: readonly Step[]): void {
    for (const request of steps.flatMap((step) => step.request ?? [])) {
      querying.owned.push(request);
      request.owns(querying.result);
    }
  }

  // A session may take what it has again; as a writer it waits for other readers.
  #request(
    { session, steps, site }: Pick<Asked, 'session' | 'steps' | 'site'>,
    { action, isTry, isShared }: AdvisoryCall,
    lock: LockInstance,
  ): LockRequest | undefined {
    const own = [...session.modesOf(lock), ...modesIn(steps, lock)];
    if (action !== 'lock' || own.some((one) => isShared || !one.isShared)) {
      return undefined;
    }
    return this.#watcher.request(lock, {
      site,
      mode: isShared ? 'shared' : 'exclusive',
      try: isTry,
      isUpgrade: own.length > 0,
    });
  }

  #isTaken(lock: LockInstance, session: Session): boolean {
    return this.#watcher.tracker.holders(lock).some(({ mode }) => mode === 'exclusive') && !session.holds(lock);
  }

  // What stands in the text of a query is a name, as long as there are few. What is handed over is a value.
  #lockOf(client: Client, { id, text, isLiteral }: AdvisoryKey): LockInstance | undefined {
    const { host, port, database } = client.connectionParameters ?? {};
    const place = `${String(host)}:${String(port)}/${String(database)}`;
    const known = this.#named.get(`${place} ${id}`);
    if (known !== undefined) {
      return known;
    }
    const below = this.#lockOf;
    if (isLiteral && this.#named.size < NAMED) {
      const lock = this.#watcher.lock({ kind: 'rwsem', name: `pg_advisory_lock(${text})`, key: text, below });
      return lock && this.#named.set(`${place} ${id}`, lock) && lock;
    }
    const keyed = this.#keyed.get(place) ?? this.#watcher.keyed({}, { kind: 'rwsem', name: 'pg_advisory_lock', below });
    return keyed && this.#keyed.set(place, keyed) && keyed.lock(text);
  }

  /** The query that is being made is the last one in the queue. */
  pulse(original: Call): Call {
    const locks = this;
    return function pulse(...args) {
      const asking = locks.#asking;
      const query = queueOf(this)?.at(-1);
      if (asking !== undefined && query !== undefined) {
        locks.#asking = undefined;
        asking.isSent = true;
        locks.#asked.set(query, asking);
      }
      return original.apply(this, args);
    };
  }

  /** A query was answered. */
  ready(client: object, message: { readonly status?: string } | undefined): void {
    const asked = this.#active(client);
    asked?.session.answered(asked, resultsOf(activeOf(client)));
    if (message?.status === 'I') {
      this.#sessions.get(client)?.transactionEnded();
    }
  }

  /** The server refused a query. */
  failed(client: object, { code }: { readonly code?: string }): void {
    const asked = this.#active(client);
    asked?.session.refused(asked, code);
  }

  ended(client: object): void {
    const session = this.#sessions.get(client);
    this.#sessions.delete(client);
    session?.ended();
  }

  /** What was asked by the query that the server is at, once. */
  #active(client: object): Asked | undefined {
    const query = activeOf(client);
    const asked = query && this.#asked.get(query);
    if (query !== undefined) {
      this.#asked.delete(query);
    }
    return asked !== undefined && this.#sessions.get(client) === asked.session ? asked : undefined;
  }
}
