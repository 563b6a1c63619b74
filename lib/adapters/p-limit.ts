/**
 * p-limit: a limiter is a counting resource; a task asks for a slot when it is queued and holds it until it has settled.
 */

import type { Ticket } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type Watcher } from './adapter.ts';
import { likeOriginal, whenOver } from './calls.ts';

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
});

function watchedMaker(original: MakeLimit, watcher: Watcher): MakeLimit {
  const maker: MakeLimit = likeFunction(original, (limit, [options]) => {
    const capacity = (limit as { concurrency?: number }).concurrency ?? concurrencyOf(options);
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
  return likeOriginal(function (task: Task, options: unknown): Task {
    const limit = makeLimit(options);
    const limitedFunction: Task = (...args) => limit(() => task(...args));
    return Object.defineProperty(limitedFunction, 'clearQueue', { value: limit.clearQueue });
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
        runTask(
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
  return Object.defineProperties(watched, properties);
}

type Properties = Record<string, PropertyDescriptor>;

function replaceValue(properties: Properties, name: string, wrap: (original: Task) => Task): void {
  const original = properties[name]?.value as Task | undefined;
  if (typeof original === 'function') {
    properties[name] = { ...properties[name], value: likeOriginal(wrap(original), original) };
  }
}

function runTask(task: () => unknown, end: (evidence: unknown) => void): unknown {
  let result: unknown;
  try {
    result = task();
  } catch (error) {
    end(undefined);
    throw error;
  }
  return whenOver(result, end);
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
