/**
 * Web Locks: `navigator.locks`, and `locks` of `node:worker_threads`. Node publishes on `locks.request.start` what is asked for, by
 * name and mode, when a call has proved right, and that is where a request begins here. What it publishes after that does not tell which request
 * is meant, that of an abort nothing, and of `steal`, `ifAvailable` and `signal` nothing before the end; the callback runs in the context of whoever
 * released the lock. So the call is read as well: its options, its callback, which runs as the owner, and its promise, whose end is
 * that of the request, whether the lock was released, stolen, or never granted. Earlier versions, browsers and polyfills publish nothing:
 * there the call is all.
 */
import type * as Workers from 'node:worker_threads';
import type { Mode } from '../model/lock.ts';
import { builtin } from '../owner/runtime.ts';
import type { RawSite } from '../state/site.ts';
import type { Adapter, BuiltinAdapter, Watcher } from './adapter.ts';
import { type Call, isObject, replaceMethod, whenOver } from './calls.ts';
import type { KeyedLocks } from './keyed-locks.ts';
import type { LockRequest } from './request.ts';
import { ownValue, prototypeWith } from './shape.ts';

type Callback = (this: unknown, ...args: unknown[]) => unknown;

export const webLocks: BuiltinAdapter & Required<Pick<Adapter, 'adopt'>> = {
  name: 'Web Locks',
  attach(watcher, seen) {
    const { locks } = (builtin('node:worker_threads') ?? {}) as Partial<typeof Workers> & { locks?: object };
    const prototype = locks === undefined ? undefined : prototypeOf(locks);
    if (prototype === undefined) {
      return;
    }
    const managers = watchManagers(prototype, watcher, seen);
    const { subscribe } = builtin('node:diagnostics_channel') ?? {};
    subscribe?.('locks.request.start', (message) => managers.started(message as Started));
  },
  adopt(manager: object, watcher: Watcher): object | undefined {
    const prototype = prototypeOf(manager);
    if (prototype === undefined) {
      return undefined;
    }
    watchManagers(prototype, watcher, () => {});
    watcher.keyed(manager, { kind: 'rwsem', below: webLocks.adopt });
    return manager;
  },
};

/** What has the methods of a lock manager: a prototype, or the object itself. */
function prototypeOf(manager: object): object | undefined {
  const methods = ['request', 'query'];
  const own = methods.every((name) => typeof ownValue(manager, name) === 'function');
  const prototype = own ? manager : prototypeWith(manager, methods);
  // Others have such methods, too: this one says what it is, or is a polyfill that has nothing else.
  const names = prototype === undefined ? [] : Object.getOwnPropertyNames(prototype);
  const tag = prototype && ownValue(prototype, Symbol.toStringTag as unknown as string);
  return tag === 'LockManager' || names.every((name) => [...methods, 'constructor'].includes(name))
    ? prototype
    : undefined;
}

const known = new WeakMap<object, WeakMap<object, LockManagers>>();

function watchManagers(prototype: object, watcher: Watcher, seen: () => void): LockManagers {
  const byPrototype = known.get(watcher) ?? new WeakMap<object, LockManagers>();
  known.set(watcher, byPrototype);
  const managers = byPrototype.get(prototype) ?? new LockManagers(watcher, seen);
  byPrototype.set(prototype, managers);
  watcher.once(prototype, () => replaceMethod(prototype, 'request', (original) => managers.request(original)));
  return managers;
}

/** What Node publishes. */
interface Started {
  readonly name: string;
  readonly mode: 'shared' | 'exclusive';
}

/** A call of `request`, while it is made. */
interface Asking {
  readonly manager: object;
  readonly options: object | undefined;
  readonly site: RawSite;
  request: LockRequest | undefined;
}

class LockManagers {
  readonly #watcher: Watcher;
  readonly #seen: () => void;
  /** The locks of this process: all managers share them. */
  #locks: KeyedLocks | undefined;
  #asking: Asking | undefined;
  /** Whether the runtime publishes: then the request begins when it does. */
  #isPublished = false;

  constructor(watcher: Watcher, seen: () => void) {
    this.#watcher = watcher;
    this.#seen = seen;
  }

  request(original: Call): Call {
    const managers = this;
    return function request(...args) {
      const [name, second, third] = args;
      const callback = third === undefined ? second : third;
      if (typeof callback !== 'function' || !isObject(this)) {
        return original.apply(this, args);
      }
      const asking = managers.#watcher.orElse(undefined, () =>
        managers.#begin(this, name, third === undefined ? {} : second, request),
      );
      if (asking === undefined) {
        return original.apply(this, args);
      }
      const watched = managers.#asOwner(callback as Callback, asking);
      const before = managers.#asking;
      managers.#asking = asking;
      try {
        const promise = original.apply(this, third === undefined ? [name, watched] : [name, second, watched]);
        return managers.#follow(promise, asking);
      } finally {
        managers.#asking = before;
      }
    };
  }

  /** The call that is being made has proved right. */
  started({ name, mode }: Started): void {
    this.#isPublished = true;
    const asking = this.#asking;
    if (asking !== undefined && asking.request === undefined) {
      this.#watcher.orElse(undefined, () => this.#ask(asking, name, mode));
    }
  }

  #begin(manager: object, name: unknown, options: unknown, below: unknown): Asking {
    this.#seen();
    const site = this.#watcher.site(below);
    const asking: Asking = { manager, options: isObject(options) ? options : undefined, site, request: undefined };
    if (!this.#isPublished && typeof name === 'string') {
      this.#ask(asking, name, asking.options && ownValue(asking.options, 'mode') === 'shared' ? 'shared' : 'exclusive');
    }
    return asking;
  }

  #ask(asking: Asking, name: string, mode: Mode): void {
    const { manager, options = {}, site } = asking;
    const lock = this.#locksOf(manager)?.lock(name);
    // Neither waits: one gives up, the other takes the lock away from whoever holds it.
    const isTry = ownValue(options, 'ifAvailable') === true || ownValue(options, 'steal') === true;
    const ends = ownValue(options, 'signal') !== undefined;
    asking.request = lock && this.#watcher.request(lock, { site, mode, try: isTry, ends });
  }

  #locksOf(manager: object): KeyedLocks | undefined {
    const own = this.#watcher.keyedOf(manager);
    this.#locks ??= own === undefined ? this.#watcher.keyed(this, DESCRIPTION) : undefined;
    return own ?? this.#locks;
  }

  /** The callback runs as the flow that asked, whoever released the lock. */
  #asOwner(callback: Callback, asking: Asking): Callback {
    return function granted(this: unknown, ...args: unknown[]): unknown {
      const { request } = asking;
      const work = (): unknown => callback.apply(this, args);
      if (request === undefined) {
        return work();
      }
      if (args[0] === null) {
        request.withdrawn();
        return work();
      }
      request.granted();
      return whenOver(request.run(work), (evidence) => request.released(evidence));
    };
  }

  /** @returns the promise */
  #follow(promise: unknown, { request, options = {} }: Asking): unknown {
    if (request === undefined) {
      return promise;
    }
    if (request.state === 'waiting') {
      request.blocked(true);
    }
    const hasSignal = ownValue(options, 'signal') !== undefined;
    const end = (): void => {
      // It was aborted; without a signal the call was wrong.
      if (hasSignal) {
        request.gaveUp();
      } else {
        request.withdrawn();
      }
      request.released(promise);
    };
    this.#watcher.hear(promise, { fulfilled: end, rejected: end });
    return request.seen(promise);
  }
}

const DESCRIPTION = { kind: 'rwsem', name: 'navigator.locks', below: LockManagers } as const;
