/**
 * mysql2: the pools, clusters and connections of a program, each watched where its class has the method. Classes that the library
 * keeps to itself are met through their first instance.
 */
import type { NewLock, Watcher } from './adapter.ts';
import { type Call, isObject, replaceMethod } from './calls.ts';
import { MysqlCalls, type Pool } from './mysql2-calls.ts';
import type { LockRequest } from './request.ts';
import { ownValue } from './shape.ts';

type From = Pick<NewLock, 'below' | 'maker'>;

/** The pool that a pool is, or that one of promises stands for. */
export function coreOf(object: object): Pool | undefined {
  const inner = ownValue(object, 'pool');
  const core = isObject(inner) ? inner : object;
  const config = ownValue(core, 'config');
  const isPool =
    isObject(ownValue(core, '_allConnections')) &&
    isObject(ownValue(core, '_connectionQueue')) &&
    isObject(config) &&
    typeof ownValue(config, 'connectionLimit') === 'number';
  return isPool ? (core as Pool) : undefined;
}

export class MysqlPools {
  readonly #watcher: Watcher;
  readonly #calls: MysqlCalls;
  readonly #watched = new WeakMap<object, Set<string>>();
  /** Who has each connection. */
  readonly #held = new WeakMap<object, LockRequest>();
  /** Connections that were given back. */
  readonly #free = new WeakSet<object>();
  #releasing: object | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    this.#calls = new MysqlCalls(watcher, (...granted) => this.#granted(...granted));
  }

  know(pool: object, from: From): void {
    const core = coreOf(pool);
    if (core === undefined) {
      return;
    }
    this.#meetPool(core);
    const { connectionLimit: capacity } = core.config;
    // Without a limit nobody ever waits.
    const lock =
      capacity > 0 && Number.isFinite(capacity) && this.#watcher.know(core, { kind: 'pool', capacity, ...from });
    if (pool !== core) {
      this.#meetPromises(pool);
      if (lock) {
        this.#watcher.alias(pool, lock);
      }
    }
  }

  /** A cluster makes its pools one by one. */
  watchCluster(prototype: object): void {
    const pools = this;
    this.#replace(prototype, 'add', (original) => {
      return function add(...args) {
        const before = new Set(nodesOf(this));
        const result = original.apply(this, args);
        pools.#watcher.orElse(undefined, () => {
          for (const node of nodesOf(this)) {
            if (!before.has(node)) {
              pools.know(node.pool, { below: add });
            }
          }
        });
        return result;
      };
    });
    this.#replace(prototype, 'of', (original) => {
      return function of(...args) {
        const namespace = original.apply(this, args);
        pools.#watcher.orElse(undefined, () => pools.#meetNamespace(namespace as object));
        return namespace;
      };
    });
  }

  /** A cluster of promises has one of callbacks inside. */
  meetCluster(cluster: object): void {
    const { poolCluster } = cluster as { readonly poolCluster?: object };
    this.watchCluster(poolCluster ?? cluster);
    if (poolCluster !== undefined) {
      this.#meetPromises(cluster);
      const pools = this;
      this.#replace(cluster, 'of', (original) => {
        return function of(...args) {
          const namespace = original.apply(this, args);
          pools.#watcher.orElse(undefined, () => pools.#meetPromises(namespace as object));
          return namespace;
        };
      });
    }
  }

  #meetPool(pool: object): void {
    const pools = this;
    this.#meetNamespace(pool);
    this.#replace(pool, 'getConnection', (original) => this.#calls.getConnection(original));
    this.#replace(pool, 'releaseConnection', (original) => {
      return function releaseConnection(connection, ...args) {
        pools.#cameBack(this, connection as object, releaseConnection);
        return original.call(this, connection, ...args);
      };
    });
    this.#replace(pool, 'promise', (original) => {
      return function promise(...args) {
        const made = original.apply(this, args) as object;
        pools.#watcher.orElse(undefined, () => {
          pools.#meetPromises(made);
          const lock = pools.#watcher.lockOf(this);
          if (lock !== undefined) {
            pools.#watcher.alias(made, lock);
          }
        });
        return made;
      };
    });
  }

  #meetNamespace(namespace: object): void {
    for (const name of ['query', 'execute']) {
      this.#replace(namespace, name, (original) => this.#calls.work(original));
    }
  }

  #meetPromises(pool: object): void {
    this.#replace(pool, 'getConnection', (original) => this.#calls.promise(original, 'owned'));
    for (const name of ['query', 'execute']) {
      this.#replace(pool, name, (original) => this.#calls.promise(original, 'seen'));
    }
  }

  #meetConnection(connection: object): void {
    const pools = this;
    this.#replace(connection, 'release', (original) => {
      return function release(...args) {
        pools.#released(this);
        const before = pools.#releasing;
        pools.#releasing = this;
        try {
          return original.apply(this, args);
        } finally {
          pools.#releasing = before;
        }
      };
    });
    // It was destroyed, or the server has closed it.
    this.#replace(connection, '_removeFromPool', (original) => {
      return function removeFromPool(...args) {
        pools.#released(this);
        return original.apply(this, args);
      };
    });
    this.#replace(connection, 'addCommand', (original) => {
      return function addCommand(command, ...args) {
        const { onResult } = command as { onResult?: unknown };
        if (typeof onResult === 'function') {
          (command as { onResult: unknown }).onResult = pools.#watcher.bound(onResult as Call);
        }
        return original.call(this, command, ...args);
      };
    });
  }

  #granted(request: LockRequest, connection: object, isWork: boolean): void {
    this.#watcher.orElse(undefined, () => this.#meetConnection(connection));
    this.#held.get(connection)?.released();
    this.#held.set(connection, request);
    this.#free.delete(connection);
    request.granted(isWork ? { name: 'query' } : undefined);
  }

  #released(connection: object): void {
    this.#held.get(connection)?.released();
    if (this.#held.delete(connection)) {
      this.#free.add(connection);
    }
  }

  /** `pool.releaseConnection(connection)` puts the connection among the free ones, even if it is there. */
  #cameBack(pool: object, connection: object, below: unknown): void {
    const isSecond = this.#free.has(connection) && this.#releasing !== connection;
    const lock = this.#watcher.lockOf(pool);
    if (isSecond && lock !== undefined && (connection as { _pool?: unknown })._pool === pool) {
      this.#watcher.tracker.stray(lock, this.#watcher.site(below));
    }
    this.#released(connection);
  }

  /** Replaces a method where the nearest class of an object defines it, once. */
  #replace(object: object, name: string, wrap: (original: Call) => Call): void {
    for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
      if (Object.hasOwn(at, name)) {
        const watched = this.#watched.get(at) ?? new Set();
        this.#watched.set(at, watched);
        if (!watched.has(name)) {
          watched.add(name);
          replaceMethod(at, name, wrap);
        }
        return;
      }
    }
  }
}

function nodesOf(cluster: object): readonly { readonly pool: object }[] {
  return Object.values((cluster as { readonly _nodes?: Record<string, { readonly pool: object }> })._nodes ?? {});
}
