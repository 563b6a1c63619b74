/**
 * redlock 4: all calls that ask come to `_lock`, with `null` for the value of a new lease, and give promises of bluebird. Each attempt
 * is a script with the value of the lease among its arguments; right after its last answer the promise has settled or has not.
 * Handlers of ours would hide rejections that nobody handles: so nothing is attached to it, and it is looked at then.
 */
import { type Call, isObject, likeOriginal, replaceMethod } from './calls.ts';
import type { Lease, Leases } from './redlock-lease.ts';
import { ownValue } from './shape.ts';

/** As far as it is asked here. */
interface Bluebird {
  isFulfilled(): boolean;
  isPending(): boolean;
  value(): unknown;
}

interface Asked {
  readonly lease: Lease;
  promise: Bluebird | undefined;
}

type Callback = (this: unknown, ...args: unknown[]) => unknown;

export function watchPrevious(prototype: object, leases: Leases): void {
  const calls = new PreviousLeases(leases);
  // Two names of one function stay that.
  const isAlias = ownValue(prototype, 'unlock') === ownValue(prototype, 'release');
  replace(prototype, '_lock', (original) => calls.lock(original));
  replace(prototype, '_executeScript', (original) => calls.executeScript(original));
  replace(prototype, 'extend', (original) => calls.extend(original));
  replace(prototype, 'unlock', (original) => calls.unlock(original));
  if (isAlias) {
    const { unlock } = Object.getOwnPropertyDescriptors(prototype) as Record<string, PropertyDescriptor>;
    Object.defineProperty(prototype, 'release', { ...unlock });
  }
}

class PreviousLeases {
  readonly #leases: Leases;
  /** What is asked for, by the value of the lease. */
  readonly #asked = new Map<unknown, Asked>();
  #asking: Asked | undefined;

  constructor(leases: Leases) {
    this.#leases = leases;
  }

  lock(original: Call): Call {
    const calls = this;
    return function lock(...args) {
      const [resource, value, , third, fourth] = args;
      if (value !== null) {
        return original.apply(this, args);
      }
      const own = isObject(third) && typeof third !== 'function' ? ownValue(third, 'retryCount') : undefined;
      // For this version 0 is what was said when the object was made.
      const retries = own || ownValue(this, 'retryCount');
      const resources = Array.isArray(resource) ? resource : [resource];
      const lease = calls.#leases.ask({ redlock: this, resources, retries, below: lock });
      const asked: Asked = { lease, promise: undefined };
      const at = typeof third === 'function' && fourth === undefined ? 3 : 4;
      if (typeof args[at] === 'function') {
        args[at] = calls.#asOwner(args[at] as Callback, asked);
      }
      const before = calls.#asking;
      calls.#asking = asked;
      try {
        const promise = original.apply(this, args);
        asked.promise = promise as Bluebird;
        calls.#look(asked);
        return calls.#bind(promise, asked);
      } finally {
        calls.#asking = before;
      }
    };
  }

  executeScript(original: Call): Call {
    const calls = this;
    return function executeScript(...args) {
      const [, name, values, callback] = args;
      if (name !== 'lockScript' || typeof callback !== 'function' || !Array.isArray(values)) {
        return original.apply(this, args);
      }
      const value = values.at(-2) as unknown;
      const asked = calls.#asking ?? calls.#asked.get(value);
      if (asked !== undefined) {
        calls.#asked.set(value, asked);
        args[3] = likeOriginal(function answered(this: unknown, ...answer: unknown[]): unknown {
          const result = (callback as Callback).apply(this, answer);
          if (calls.#look(asked)) {
            calls.#asked.delete(value);
          }
          return result;
        }, callback as Callback);
      }
      return original.apply(this, args);
    };
  }

  extend(original: Call): Call {
    const leases = this.#leases;
    return function extend(...args) {
      leases.extend(args[0], extend);
      return original.apply(this, args);
    };
  }

  unlock(original: Call): Call {
    const calls = this;
    return function unlock(...args) {
      const [lock, callback] = args;
      const asked = isObject(lock) ? calls.#asked.get(ownValue(lock, 'value')) : undefined;
      if (asked === undefined) {
        calls.#leases.release(lock, unlock);
        return original.apply(this, args);
      }
      // The library itself, after an attempt that failed: what it does then is to try again, or to give up.
      asked.lease.blocked();
      if (typeof callback === 'function') {
        args[1] = likeOriginal(function over(this: unknown, ...answer: unknown[]): unknown {
          const result = (callback as Callback).apply(this, answer);
          if (calls.#look(asked)) {
            calls.#asked.delete(ownValue(lock as object, 'value'));
          }
          return result;
        }, callback as Callback);
      }
      return original.apply(this, args);
    };
  }

  /** @returns whether the call is over */
  #look({ promise, lease }: Asked): boolean {
    if (promise === undefined || promise.isPending()) {
      return false;
    }
    this.#leases.watcher.orElse(undefined, () => {
      if (promise.isFulfilled()) {
        this.#leases.know(promise.value(), lease);
        lease.granted();
      } else {
        lease.gaveUp();
      }
    });
    return true;
  }

  #asOwner(callback: Callback, { lease }: Asked): Callback {
    return likeOriginal(function called(this: unknown, ...args: unknown[]): unknown {
      // What awaits the promise is resolved by the call itself: by its name it is known to hand on what the flow holds.
      const step = (): unknown => callback.apply(this, args);
      return lease.run(step);
    }, callback);
  }

  /** Whoever is called by the promise goes on as the owner. Every method of bluebird comes to `_then`. */
  #bind(promise: unknown, asked: Asked): unknown {
    const asOwner = (callback: Callback): Callback => this.#asOwner(callback, asked);
    return bound(promise, asOwner, (callback) => this.#asWitness(callback, asked));
  }

  /** The call is over by then. */
  #asWitness(callback: Callback, { lease }: Asked): Callback {
    return lease.requests.reduce((all, request) => request.after(all), callback as Call) as Callback;
  }
}

type Wrap = (callback: Callback) => Callback;

function bound(promise: unknown, fulfilled: Wrap, witness: Wrap): unknown {
  const { _then: then } = (isObject(promise) ? promise : {}) as { readonly _then?: Callback };
  if (typeof then !== 'function') {
    return promise;
  }
  const value = likeOriginal(function _then(this: unknown, ...args: unknown[]): unknown {
    for (const [at, wrap] of [fulfilled, witness].entries()) {
      const callback = args[at];
      if (typeof callback === 'function') {
        args[at] = wrap(callback as Callback);
      }
    }
    // What is made of it comes after it.
    return bound(then.apply(this, args), witness, witness);
  }, then);
  return Object.defineProperty(promise as object, '_then', { value, configurable: true, writable: true });
}

function replace(prototype: object, name: string, wrap: (original: Call) => Call): void {
  if (!replaceMethod(prototype, name, wrap)) {
    throw new Error(`redlock has no method ${name} that could be watched`);
  }
}
