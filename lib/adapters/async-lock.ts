/**
 * async-lock: a lock for each key, and work that runs under it. The library grants in a closure that nobody can reach, and what
 * it does there is to call the function it was given: that call is the grant. The end of the work, or the `done` that the
 * function gets where it has a parameter, is the release, told before the library hears of it. While others wait the
 * function is called by whoever releases: it runs as the flow that asked, and so does the callback of the callback style.
 * A list of keys is taken one in the other, in the order of the list, by calls of `acquire` that the library makes to itself.
 * Where a domain may take its lock again nothing is asked for: the function runs under what the flow holds already.
 */
import { flowHooks } from '../owner/promise-hooks.ts';
import type { Ticket } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import {
  type Batch,
  contextAfter,
  isRetaken,
  isTakenAway,
  type Key,
  type Lock,
  listen,
  nameOf,
  nextOf,
  note,
  prototypeOf,
  type Times,
  untilDone,
  waitFor,
  whenEnded,
} from './async-lock-inside.ts';
import { type Call, isObject, likeOriginal, replaceMethod, watchConstructor } from './calls.ts';
import type { KeyedLocks } from './keyed-locks.ts';

type LockClass = new (...args: never[]) => Lock;

/** A call of `acquire`. */
interface Asked {
  readonly lock: Lock;
  readonly keys: KeyedLocks;
  readonly args: readonly unknown[];
  /** The list that the library asks for in turn, where it calls itself. */
  readonly batch: Batch | undefined;
  readonly below: unknown;
  readonly call: (args: readonly unknown[]) => unknown;
}

export const asyncLock: Adapter = defineAdapter({
  name: 'async-lock',
  versions: { from: '1.0.0', below: '2.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports {
    const original = exports['default'] as LockClass | undefined;
    if (typeof original !== 'function') {
      throw new Error('async-lock exports no class');
    }
    watchLocks(original.prototype, watcher);
    return {
      default: watchConstructor(original, (lock, _, from) => {
        watcher.orElse(undefined, () => know(lock as Lock, watcher, from));
      }),
    };
  },
  adopt(lock: object, watcher: Watcher): object | undefined {
    const prototype = prototypeOf(lock);
    if (prototype === undefined) {
      return undefined;
    }
    watchLocks(prototype, watcher);
    const { queues } = lock as Lock;
    // Keys that are in use keep the locks that they have.
    if (watcher.keyedOf(queues) === undefined || Object.keys(queues).length === 0) {
      know(lock as Lock, watcher, { below: asyncLock.adopt });
    }
    return lock;
  },
});

/** Known by its queues: they are the same behind a Proxy, and for an object that inherits from the lock. */
function know({ queues }: Lock, watcher: Watcher, from: Pick<NewLock, 'below' | 'maker'>): void {
  watcher.keyed(queues, { kind: 'mutex', ...from });
}

function watchLocks(prototype: object, watcher: Watcher): void {
  watcher.once(prototype, () => {
    const locks = new AsyncLocks(watcher);
    if (!replaceMethod(prototype, 'acquire', (original) => locks.acquire(original))) {
      throw new Error('async-lock has no method acquire that could be watched');
    }
  });
}

class AsyncLocks {
  readonly #watcher: Watcher;
  /** Keys whose queue somebody joined at its head. */
  readonly #skipped = new WeakSet<LockInstance>();
  /** Keys that are taken from whoever holds them for too long. */
  readonly #timed = new WeakSet<LockInstance>();
  /** The list of which the library asks for the next key right now. */
  #batch: Batch | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  acquire(original: Call): Call {
    const locks = this;
    return function acquire(...args) {
      const batch = locks.#batch;
      locks.#batch = undefined;
      const keys = locks.#keysOf(this);
      const name = Array.isArray(args[0]) ? '' : nameOf(args[0]);
      if (keys === undefined || name === undefined || typeof args[1] !== 'function') {
        return original.apply(this, args);
      }
      const call = (values: readonly unknown[]): unknown => original.apply(this, values as unknown[]);
      const asked: Asked = { lock: this as Lock, keys, args, batch, below: acquire, call };
      return Array.isArray(args[0]) ? locks.#askEach(asked, args[0]) : locks.#ask(asked, name);
    };
  }

  #keysOf(lock: unknown): KeyedLocks | undefined {
    const queues = isObject(lock) ? (lock as Partial<Lock>).queues : undefined;
    return isObject(queues) ? this.#watcher.keyedOf(queues) : undefined;
  }

  #askEach({ args, batch, below, call }: Asked, keys: readonly unknown[]): unknown {
    const outer = nextOf(batch, args[1]);
    if (!keys.some(() => true)) {
      return this.#within(outer, () => call(args));
    }
    const own: Batch = { site: batch?.site ?? this.#watcher.site(below), fn: args[1], outer };
    const result = this.#within(own, () => call(args));
    if (own.first !== undefined) {
      note(batch, own.first);
      this.#watcher.tracker.markSeen(result, own.first);
    }
    return result;
  }

  #ask(asked: Asked, name: Key): unknown {
    const { lock, args, batch, call } = asked;
    const { tracker } = this.#watcher;
    const [, fn, callback] = args as readonly Call[];
    const next = nextOf(batch, fn);
    const { context } = flowHooks;
    const ticket = isRetaken(lock, name)
      ? undefined
      : this.#watcher.orElse(undefined, () => this.#request(asked, asked.keys.lock(name), name));
    if (ticket === undefined) {
      return this.#within(next, () => call(args));
    }
    note(batch, ticket);
    let isAsking = true;
    const answered = (error: unknown): void => {
      if (ticket.state === 'waiting' && isAsking) {
        tracker.withdrawn(ticket);
      } else if (ticket.state === 'waiting') {
        tracker.gaveUp(ticket);
      } else if (isTakenAway(error)) {
        tracker.released(ticket);
      }
    };
    const values: unknown[] = [...args];
    values[1] = this.#work(fn as Call, { ticket, lock, next });
    const queued = lock.queues[name];
    const [length, last] = [queued?.length ?? 0, queued?.at(-1)];
    try {
      if (typeof callback !== 'function') {
        const result = listen(this.#watcher, lock, { call: () => call(values), rejected: answered });
        return tracker.markSeen(result, ticket);
      }
      values[2] = likeOriginal(function (this: object, ...results: unknown[]) {
        answered(results[0]);
        return flowHooks.carrier.run(contextAfter(context, ticket), () => callback.apply(this, results));
      }, callback);
      return call(values);
    } finally {
      isAsking = false;
      const queue = lock.queues[name] ?? [];
      if (queue.length > length && queue.at(-1) === last) {
        this.#skipped.add(ticket.lock);
      }
      if (queue.length > length && ticket.state === 'waiting') {
        tracker.blocked(ticket, !this.#skipped.has(ticket.lock), asked.below);
      } else {
        // Where it still waits: too many do already, or the call was wrong.
        tracker.withdrawn(ticket);
      }
    }
  }

  #request({ lock, args, batch, below }: Asked, key: LockInstance, name: Key): Ticket {
    const options = (typeof args[2] === 'function' ? args[3] : args[2]) as Times | null | undefined;
    if (options?.maxExecutionTime || lock.maxExecutionTime) {
      this.#timed.add(key);
    }
    const ends = [options, lock].some((one) => one?.timeout || one?.maxOccupationTime) || this.#timed.has(key);
    return this.#watcher.tracker.request(key, { site: batch?.site, below, ends: ends && name in lock.queues });
  }

  /** The function that the library calls when it grants the lock. */
  #work(fn: Call, { ticket, lock, next }: { ticket: Ticket; lock: Lock; next: Batch | undefined }): Call {
    const { tracker } = this.#watcher;
    const release = (evidence?: unknown): void => tracker.released(ticket, evidence);
    const work = (...args: unknown[]): unknown => {
      if (ticket.state !== 'waiting') {
        return (fn as (...values: unknown[]) => unknown)(...args);
      }
      tracker.granted(ticket);
      const result = tracker.run(ticket, () =>
        this.#within(next, () =>
          fn.length === 1 ? untilDone(fn, args[0] as Call, release) : whenEnded(fn as () => unknown, lock, release),
        ),
      );
      if (next?.latest !== undefined) {
        waitFor(ticket, next.latest);
      }
      return result;
    };
    return likeOriginal(work, fn);
  }

  #within<Result>(batch: Batch | undefined, work: () => Result): Result {
    this.#batch = batch;
    try {
      return work();
    } finally {
      this.#batch = undefined;
    }
  }
}
