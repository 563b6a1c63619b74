/**
 * redlock: leases of resources in Redis. All resources of one call are taken at once, by one script, so there is no order
 * among them; and they are held until they are released or their lease has run out, whichever comes first. Version 5 has `acquire`,
 * `extend`, which gives a new Lock for the same lease, and `using`, which calls both; the grant is read from the promise. Version 4
 * is watched in redlock-previous.ts.
 */

import { type Adapter, defineAdapter, type Exports, type Watcher } from './adapter.ts';
import { type Call, isObject, replaceMethod } from './calls.ts';
import { type Lease, Leases } from './redlock-lease.ts';
import { watchPrevious } from './redlock-previous.ts';
import { ownValue, prototypeWith } from './shape.ts';

const METHODS = ['acquire', 'release', 'extend', 'using', '_attemptOperation'];
const METHODS_BEFORE = ['_lock', 'lock', 'unlock', 'release', 'extend', '_executeScript'];

export const redlock: Adapter = defineAdapter({
  name: 'redlock',
  versions: { from: '4.0.0', below: '6.0.0' },
  watch(exports: Exports, watcher: Watcher): undefined {
    const { prototype } = (exports['default'] ?? {}) as { readonly prototype?: object };
    if (!isObject(prototype) || !watchPrototype(Object.create(prototype) as object, watcher)) {
      throw new Error('redlock has no class with the methods that could be watched');
    }
  },
  adopt(lock: object, watcher: Watcher): object | undefined {
    const isRedlock = isObject(ownValue(lock, 'clients')) || Array.isArray(ownValue(lock, 'servers'));
    if (!isRedlock || !watchPrototype(lock, watcher)) {
      return undefined;
    }
    // Its own, under the name that the program gives.
    watcher.keyed(lock, { kind: 'mutex', below: redlock.adopt });
    return lock;
  },
});

/** @returns false for an object that is no redlock */
function watchPrototype(object: object, watcher: Watcher): boolean {
  const current = prototypeWith(object, METHODS);
  const prototype = current ?? prototypeWith(object, METHODS_BEFORE);
  if (prototype === undefined) {
    return false;
  }
  watcher.once(prototype, () => {
    const leases = new Leases(watcher);
    if (current === undefined) {
      watchPrevious(prototype, leases);
    } else {
      new CurrentLeases(leases).watch(prototype);
    }
  });
  return true;
}

class CurrentLeases {
  readonly #leases: Leases;
  /** What is asked for, by the arguments that the library makes for all attempts of one call. */
  readonly #asked = new WeakMap<object, Lease>();
  /** What is being asked for. */
  #asking: Lease | undefined;

  constructor(leases: Leases) {
    this.#leases = leases;
  }

  watch(prototype: object): void {
    replace(prototype, 'acquire', (original) => this.#acquire(original));
    replace(prototype, '_attemptOperation', (original) => this.#attempt(original));
    replace(prototype, 'release', (original) => {
      const leases = this.#leases;
      return function release(...args) {
        leases.release(args[0], release);
        return original.apply(this, args);
      };
    });
    replace(prototype, 'extend', (original) => this.#extend(original));
  }

  #acquire(original: Call): Call {
    const calls = this;
    return function acquire(...args) {
      const [resources, , settings] = args;
      const retries = retriesOf(settings) ?? retriesOf(ownValue(this, 'settings'));
      const lease = calls.#leases.ask({ redlock: this, resources, retries, below: acquire });
      const before = calls.#asking;
      calls.#asking = lease;
      try {
        const promise = original.apply(this, args);
        // The lock is known by its object before whoever waits for it goes on.
        const how = { granted: (lock: unknown) => calls.#leases.know(lock, lease), failed: isRefusal };
        return lease.requests.reduce((all, request) => request.grantedBy(all, how), promise);
      } finally {
        calls.#asking = before;
      }
    };
  }

  /** One attempt; where it fails the library tries again after a while. */
  #attempt(original: Call): Call {
    const calls = this;
    return function attempt(...args) {
      const [, , values] = args;
      const promise = original.apply(this, args);
      if (isObject(values)) {
        const lease = calls.#asking ?? calls.#asked.get(values);
        if (lease !== undefined) {
          calls.#asked.set(values, lease);
          calls.#asking = undefined;
          calls.#leases.watcher.hear(promise, {
            fulfilled: (result) => (ownValue(result as object, 'vote') === 'against' ? lease.blocked() : undefined),
            rejected: () => {},
          });
        }
      }
      return promise;
    };
  }

  #extend(original: Call): Call {
    const leases = this.#leases;
    return function extend(...args) {
      const lease = leases.extend(args[0], extend);
      const promise = original.apply(this, args);
      if (lease !== undefined) {
        leases.watcher.hear(promise, { fulfilled: (lock) => leases.know(lock, lease), rejected: () => {} });
      }
      return promise;
    };
  }
}

function replace(prototype: object, name: string, wrap: (original: Call) => Call): void {
  if (!replaceMethod(prototype, name, wrap)) {
    throw new Error(`redlock has no method ${name} that could be watched`);
  }
}

function retriesOf(settings: unknown): unknown {
  return isObject(settings) ? ownValue(settings, 'retryCount') : undefined;
}

/** False for a call that was wrong: no attempt was made. */
function isRefusal(error: unknown): boolean {
  return isObject(error) && ownValue(error, 'name') === 'ExecutionError';
}
