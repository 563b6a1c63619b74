/**
 * The requests of @matrixai/async-locks: from the function that asks to the release in the pair that its promise gives.
 */
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { Watcher } from './adapter.ts';
import { type Call, isObject, likeOriginal, replaceMethod } from './calls.ts';
import type { LockRequest, RequestDescription } from './request.ts';

/** A call of a box or a monitor, which may take several locks. */
export interface BoxCall {
  readonly site: RawSite;
  /** Whether the waits have a limit, where the call says so for all of them. */
  readonly ends: boolean | undefined;
  /** What the requests of the call have in common: the order of their keys. */
  readonly together: object;
  /** True where the order of the keys says nothing of the order of their classes: the locks make no order among each other. */
  readonly isApart: boolean;
  asked(request: LockRequest): void;
}

/** What is known of a request when it is made. */
export interface Asked {
  readonly instance: LockInstance;
  /** The call of a box that it belongs to. */
  readonly call?: BoxCall | undefined;
  readonly description: RequestDescription & { readonly site: RawSite };
}

/** Asks for a lock, and says so where it is taken. */
export function ask(watcher: Watcher, { instance, call, description }: Asked): LockRequest {
  const { held, waiting } = watcher.tracker.ticketsOf(instance);
  const isReader = description.mode !== undefined && description.mode !== 'exclusive';
  const units = held.reduce((sum, one) => sum + one.units, description.units ?? 1);
  const isTaken = instance.class.kind.counting
    ? units > instance.capacity
    : [...held, ...waiting].some((other) => !isReader || other.mode === 'exclusive');
  const request = watcher.request(instance, { ...description, together: call?.together });
  if (isTaken) {
    request.blocked();
  }
  return request;
}

/** The function that asks, as the program gets it. */
export function watchedAcquire(watcher: Watcher, original: Call, asked: Asked): Call {
  return likeOriginal((...args: unknown[]) => {
    const request = watcher.orElse<LockRequest | undefined>(undefined, () => ask(watcher, asked));
    if (request === undefined) {
      return call(original, args);
    }
    let promise: unknown;
    try {
      promise = call(original, args);
    } catch (error) {
      request.withdrawn();
      throw error;
    }
    if (asked.call?.isApart === true) {
      watcher.hear(promise, {
        fulfilled(pair) {
          watchRelease(pair, request);
          request.granted();
        },
        rejected: (error) => (isTimeout(error) ? request.gaveUp() : request.withdrawn()),
      });
    } else {
      request.grantedBy(promise, { granted: (pair) => watchRelease(pair, request), failed: isTimeout });
    }
    asked.call?.asked(request);
    watchAwait(watcher, promise);
    return promise;
  }, original);
}

/** The promises of requests, and what is made of them by `then`. */
const given = new WeakSet<object>();

/**
 * These promises have a class of its own with a `then` of its own. To wait for one the runtime calls that, with the function that
 * fulfils the promise of the `await`; the library calls it from a callback, and goes on with a further promise. Without a word
 * from here the lock would be thought to go both ways.
 */
function watchAwait(watcher: Watcher, promise: unknown): void {
  if (!isObject(promise)) {
    return;
  }
  given.add(promise);
  for (let at: unknown = promise; isObject(at); at = Object.getPrototypeOf(at)) {
    const prototype = at;
    if (Object.hasOwn(prototype, 'then')) {
      // The promises of the runtime have no such property above their `then`.
      if (Object.getPrototypeOf(Object.getPrototypeOf(prototype) ?? {}) !== null) {
        watcher.once(prototype, () => replaceMethod(prototype, 'then', watchedThen));
      }
      return;
    }
  }
}

function watchedThen(original: Call): Call {
  return function then(fulfilled, ...rest) {
    if (!given.has(this)) {
      return original.call(this, fulfilled, ...rest);
    }
    const made = original.call(this, isOfRuntime(fulfilled) ? returned(fulfilled as Call) : fulfilled, ...rest);
    if (isObject(made)) {
      given.add(made);
    }
    return made;
  };
}

const { toString: textOf } = Function.prototype;

function isOfRuntime(value: unknown): boolean {
  return typeof value === 'function' && textOf.call(value).endsWith('{ [native code] }');
}

// By its name it is known for what settles a promise as an async function does that returns: see owner/handover.ts.
function returned(fulfil: Call): Call {
  const settle = fulfil as (value: unknown) => unknown;
  return function step(value) {
    return settle(value);
  };
}

/** Puts a release that tells of itself into the pair that the program gets. */
function watchRelease(pair: unknown, request: LockRequest): void {
  const release: unknown = Array.isArray(pair) ? pair[0] : undefined;
  if (typeof release === 'function') {
    const watched = likeOriginal((...args: unknown[]): unknown => {
      request.released();
      return call(release as Call, args);
    }, release as Call);
    (pair as unknown[])[0] = watched;
    request.kept(watched);
  }
}

function call(work: Call, args: readonly unknown[]): unknown {
  return (work as (...values: readonly unknown[]) => unknown)(...args);
}

/** The weight that a semaphore is asked for. */
export const unitsOf = ([weight]: readonly unknown[]): number => (typeof weight === 'number' ? weight : 1);

/** Whether the last argument sets the wait a limit: a time, or a signal. */
export function isLimited(args: readonly unknown[]): boolean {
  const last = args.at(-1);
  const own = (name: string): unknown =>
    isObject(last) ? Object.getOwnPropertyDescriptor(last, name)?.value : undefined;
  const timer = own('timer');
  return own('signal') !== undefined || (timer !== undefined && timer !== Number.POSITIVE_INFINITY);
}

/** A wait that was cancelled says nothing, be it by the program or by a monitor that has seen a deadlock. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'ErrorAsyncLocksTimeout';
}

/** The promises of a call, and the requests that whoever waits for them owns. */
export class Requests {
  readonly #watcher: Watcher;
  readonly #requests: LockRequest[] = [];
  readonly #promises: unknown[] = [];

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  asked(request: LockRequest): void {
    this.#requests.push(request);
    for (const promise of this.#promises) {
      request.owns(promise);
    }
  }

  /** @returns the promise */
  gave<Result>(promise: Result): Result {
    this.#promises.push(promise);
    watchAwait(this.#watcher, promise);
    for (const request of this.#requests) {
      request.owns(promise);
    }
    return promise;
  }
}
