/**
 * p-limit: a limiter is a counting resource; a task asks for a slot when it is queued and holds it until it has settled.
 */

import type { Ticket } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type Watcher } from './adapter.ts';
import { likeOriginal, whenDone } from './calls.ts';
import { ownDescriptor } from './shape.ts';

type Task = (...args: unknown[]) => unknown;
type Limit = ((task: Task, ...args: unknown[]) => Promise<unknown>) & { readonly clearQueue?: () => void };
type MakeLimit = (options: unknown) => Limit;
type LimitFunction = (task: Task, options: unknown) => Task;

export const pLimit: Adapter = defineAdapter({
  name: 'p-limit',
  versions: { from: '2.0.0', below: '8.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports {
    const original = (exports['default'] ?? exports) as unknown;
    if (typeof original !== 'function') {
      return exports;
    }
    const makeLimit = watchedMaker(original as MakeLimit, watcher);
    const limitFunction = exports['limitFunction'];
    return typeof limitFunction === 'function'
      ? { default: makeLimit, limitFunction: watchedLimitFunction(limitFunction as LimitFunction, makeLimit) }
      : { default: makeLimit };
  },
  adopt(lock: object, watcher: Watcher): Limit | undefined {
    if (!isLimit(lock)) {
      return undefined;
    }
    const known = adopted.get(lock);
    if (known !== undefined && watcher.lockOf(known) !== undefined) {
      return known;
    }
    // Before version 6 a limiter does not tell how many slots it has.
    const capacity = concurrencyNow(lock) ?? Number.POSITIVE_INFINITY;
    const instance = watcher.lock({ kind: 'limiter', capacity, below: pLimit.adopt });
    const watched = instance === undefined ? lock : watchedLimit(lock, instance, watcher);
    adopted.set(lock, watched);
    return watched;
  },
});

/** What was handed out in place of a limiter that was made unwatched. */
const adopted = new WeakMap<Limit, Limit>();

/** A limiter has these properties itself, whatever version made it. */
function isLimit(lock: object): lock is Limit {
  const isTold = (name: string): boolean => ownDescriptor(lock, name)?.get !== undefined;
  return (
    typeof lock === 'function' &&
    isTold('activeCount') &&
    isTold('pendingCount') &&
    typeof ownDescriptor(lock, 'clearQueue')?.value === 'function'
  );
}

/** How many slots a limiter has, where it tells. */
function concurrencyNow(limit: Limit): number | undefined {
  return ownDescriptor(limit, 'concurrency') === undefined
    ? undefined
    : (limit as unknown as { readonly concurrency: number }).concurrency;
}

function watchedMaker(original: MakeLimit, watcher: Watcher): MakeLimit {
  const maker: MakeLimit = likeFunction(original, (limit, [options]) => {
    const capacity = concurrencyNow(limit) ?? concurrencyOf(options);
    return watcher.orElse(limit, () => {
      const lock = watcher.lock({ kind: 'limiter', capacity, below: maker });
      return lock === undefined ? limit : watchedLimit(limit, lock, watcher);
    });
  });
  return maker;
}

/** A function like the original, to be called with `new` if the original is: an arrow function is not. */
function likeFunction<Args extends unknown[], Result extends object>(
  original: (...args: Args) => Result,
  wrap: (result: Result, args: Args) => Result,
): (...args: Args) => Result {
  if (!Object.hasOwn(original, 'prototype')) {
    return likeOriginal((...args: Args) => wrap(original(...args), args), original);
  }
  return likeOriginal(function (this: unknown, ...args: Args): Result {
    const result =
      new.target === undefined ? original.apply(this, args) : Reflect.construct(original, args, new.target);
    return wrap(result as Result, args);
  }, original);
}

function concurrencyOf(options: unknown): number {
  return typeof options === 'number' ? options : (options as { concurrency: number }).concurrency;
}

// The library's own version calls the limiter of its own module, which is not the watched one.
function watchedLimitFunction(original: LimitFunction, makeLimit: MakeLimit): LimitFunction {
  // biome-ignore lint/complexity/useArrowFunction: the original can be called with `new`
  return likeOriginal(function (function_: Task, options: unknown): Task {
    // It says in its own words what is wrong, and shows what it gives: since version 7 a limiter takes the options as they are.
    const plain = Object.getOwnPropertyDescriptor(original(function_, options), 'clearQueue');
    const limit = makeLimit(plain === undefined ? (options as { concurrency: unknown }).concurrency : options);
    const limitedFunction: Task = (...args) => limit(() => function_(...args));
    return plain === undefined
      ? limitedFunction
      : Object.defineProperty(limitedFunction, 'clearQueue', { ...plain, value: limit.clearQueue });
  }, original);
}

function watchedLimit(limit: Limit, lock: LockInstance, watcher: Watcher): Limit {
  const { tracker } = watcher;
  const queued = new Set<Ticket>();
  const ask = (below: unknown): Ticket => {
    const ticket = tracker.request(lock, { site: watcher.site(below) });
    queued.add(ticket);
    return ticket;
  };
  const watched = likeOriginal((task: Task, ...args: unknown[]): Promise<unknown> => {
    if (typeof task !== 'function') {
      // The library says in its own words what is wrong.
      return limit(task, ...args);
    }
    const ticket = ask(watched);
    return tracker.markSeen(limit(inSlot(task, ticket), ...args), ticket);
  }, limit);
  const inSlot = (task: Task, ticket: Ticket): Task => {
    return (...args) => {
      queued.delete(ticket);
      tracker.granted(ticket, task);
      return tracker.run(ticket, () =>
        whenDone(
          () => task(...args),
          (evidence) => tracker.released(ticket, evidence),
        ),
      );
    };
  };
  const properties: Properties = Object.getOwnPropertyDescriptors(limit);
  replaceValue(properties, 'clearQueue', (original) => () => {
    original.call(limit);
    for (const ticket of queued) {
      tracker.withdrawn(ticket);
    }
    queued.clear();
  });
  replaceValue(properties, 'map', () => mapOf(watched));
  watchConcurrency(properties, limit, lock);
  watcher.alias(watched, lock);
  return Object.defineProperties(watched, properties);
}

type Properties = Record<string, PropertyDescriptor>;

function replaceValue(properties: Properties, name: string, wrap: (original: Task) => Task): void {
  const original = properties[name]?.value as Task | undefined;
  if (typeof original === 'function') {
    properties[name] = { ...properties[name], value: likeOriginal(wrap(original), original) };
  }
}

// As in the library, whose own version calls its own limiter: the values are taken one by one, each queued at once.
function mapOf(watched: Limit): Task {
  return async (iterable, task) => {
    const promises: Promise<unknown>[] = [];
    try {
      Array.from(iterable as Iterable<unknown>, (value, index) => promises.push(watched(task as Task, value, index)));
    } catch (error) {
      for (const promise of promises) {
        promise.catch(() => {});
      }
      throw error;
    }
    return Promise.all(promises);
  };
}

function watchConcurrency(properties: Properties, limit: Limit, lock: LockInstance): void {
  const { concurrency } = properties;
  const set = concurrency?.set;
  if (set !== undefined) {
    properties['concurrency'] = {
      ...concurrency,
      set(value: number) {
        set.call(limit, value);
        lock.capacity = value;
      },
    };
  }
}
