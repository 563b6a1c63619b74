/**
 * async-mutex: a mutex is a semaphore with one unit inside, so the semaphore is where the events are told. It gives units
 * away at once, and makes the releaser in `_newReleaser` then, or when it resolves an entry of its queue; both run before
 * anybody else, so nothing has to be attached to a promise, and no turn of the event loop moves.
 */
import type { Ticket } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import { AsyncMutexReleases, type LockOf, unitsOf } from './async-mutex-releases.ts';
import { type Call, isObject, likeOriginal, replaceMethod, watchConstructor } from './calls.ts';
import { ProgramCalls } from './program-calls.ts';
import { ownValue, prototypeWith } from './shape.ts';

type Class = new (...args: never[]) => object;
type From = Pick<NewLock, 'below' | 'maker'>;

/** A call that waits. */
interface Entry {
  resolve: (given: [value: number, releaser: Call]) => void;
  reject: (error: unknown) => void;
}

interface SemaphoreInternals {
  readonly _value: number;
  /** From 0.5 on: in the order of priority. */
  readonly _queue?: readonly Entry[];
  /** Before: one queue for each weight. */
  readonly _weightedQueues?: readonly (readonly Entry[] | undefined)[];
  /** Never replaced: a semaphore is known by it, also behind a Proxy. */
  readonly _weightedWaiters: object;
}

export const asyncMutex: Adapter = defineAdapter({
  name: 'async-mutex',
  versions: { from: '0.4.0', below: '0.6.0' },
  watch: (exports, watcher) => watchOf(watcher).watch(exports),
  adopt: (lock, watcher) => watchOf(watcher).adopt(lock),
});

const watches = new WeakMap<Watcher, AsyncMutexWatch>();

function watchOf(watcher: Watcher): AsyncMutexWatch {
  const known = watches.get(watcher) ?? new AsyncMutexWatch(watcher);
  watches.set(watcher, known);
  return known;
}

/** The requests made to all copies of the library. */
class AsyncMutexWatch {
  readonly #watcher: Watcher;
  readonly #queued = new WeakSet<Entry>();
  readonly #calls: ProgramCalls;
  readonly #releases: AsyncMutexReleases;
  /** The request that is being made. */
  #asking: Ticket | undefined;
  /** True while a call is made that has a time-out. */
  #ends = false;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    this.#calls = new ProgramCalls(watcher);
    this.#releases = new AsyncMutexReleases(watcher, this.#calls, this.#lockOf);
  }

  watch(exports: Exports): Exports {
    const { Mutex, Semaphore, withTimeout, tryAcquire } = exports as Record<string, Class & Call>;
    this.#watchSemaphore(Semaphore?.prototype);
    this.#watchMutex(Mutex?.prototype);
    const made = (one: object, _: readonly unknown[], from: From): void => {
      this.#watcher.orElse(undefined, () => this.#know(one, from));
    };
    return {
      ...(Semaphore && { Semaphore: watchConstructor(Semaphore, made) }),
      ...(Mutex && { Mutex: watchConstructor(Mutex, made) }),
      ...(withTimeout && { withTimeout: this.#watchDecorator(withTimeout, false) }),
      ...(tryAcquire && { tryAcquire: this.#watchDecorator(tryAcquire, true) }),
    };
  }

  adopt(lock: object): object | undefined {
    const inner = ownValue(lock, '_semaphore');
    const mutex = isObject(inner) ? prototypeWith(lock, ['acquire', 'runExclusive', 'isLocked', 'release']) : undefined;
    const semaphore = mutex === undefined ? lock : (inner as object);
    const prototype = prototypeWith(semaphore, ['acquire', '_newReleaser', 'setValue']);
    if (prototype === undefined || !isObject(ownValue(semaphore, '_weightedWaiters'))) {
      return undefined;
    }
    this.#watchSemaphore(prototype);
    if (mutex !== undefined) {
      this.#watchMutex(mutex);
    }
    this.#know(lock, { below: this.adopt });
    return lock;
  }

  #know(lock: object, from: From): void {
    const inner = ownValue(lock, '_semaphore') as SemaphoreInternals | undefined;
    const { _value: units, _weightedWaiters: known } = inner ?? (lock as SemaphoreInternals);
    // A semaphore that begins empty is a signal: whoever takes a unit is not the one who gives it back.
    if (inner !== undefined || (typeof units === 'number' && units >= 1)) {
      const kind = inner === undefined ? { kind: 'semaphore', capacity: Math.floor(units) } : { kind: 'mutex' };
      const made = this.#watcher.know(lock, { ...kind, ...from });
      if (made !== undefined) {
        this.#watcher.alias(known, made);
      }
    }
  }

  readonly #lockOf: LockOf = (semaphore) =>
    this.#watcher.lockOf((semaphore as SemaphoreInternals | undefined)?._weightedWaiters as object);

  #watchMutex(prototype: object): void {
    this.#watcher.once(prototype, () => {
      this.#replace(prototype, 'acquire', (original) => this.#calls.fromProgram(original, 'owned'));
      this.#replace(prototype, 'runExclusive', (original) => this.#calls.fromProgram(original, 'seen'));
      this.#replace(prototype, 'waitForUnlock', (original) => this.#calls.fromProgram(original, 'seen'));
      this.#replace(prototype, 'release', (original) =>
        this.#calls.fromProgram(this.#releases.ofMutex(original), 'seen'),
      );
    });
  }

  #watchSemaphore(prototype: object): void {
    this.#watcher.once(prototype, () => {
      const calls = this.#calls;
      this.#replace(prototype, 'acquire', (original) => calls.fromProgram(this.#acquire(original), 'owned'));
      this.#replace(prototype, 'runExclusive', (original) => calls.fromProgram(calls.withCallback(original), 'seen'));
      this.#replace(prototype, '_newReleaser', (original) => this.#newReleaser(original));
      this.#replace(prototype, 'release', (original) => this.#releases.ofSemaphore(original));
      this.#replace(prototype, 'waitForUnlock', (original) => calls.withoutTaking(original, this.#lockOf));
      this.#replace(prototype, 'setValue', (original) => this.#releases.byValue(original));
    });
  }

  #replace(target: object, name: string, wrap: (original: Call) => Call): void {
    if (!replaceMethod(target, name, wrap)) {
      throw new Error(`async-mutex has no method ${name} that could be watched`);
    }
  }

  #acquire(original: Call): Call {
    const watch = this;
    return function acquire(...args) {
      const lock = watch.#lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      return watch.#ask(lock, this as SemaphoreInternals, {
        units: unitsOf(args[0]),
        ask: () => original.apply(this, args),
      });
    };
  }

  #ask(lock: LockInstance, semaphore: SemaphoreInternals, call: { units: number; ask: () => unknown }): unknown {
    const { tracker } = this.#watcher;
    const site = this.#calls.site ?? this.#watcher.site(this.#ask);
    const ticket = tracker.request(lock, { units: call.units, try: this.#calls.isTry, ends: this.#ends, site });
    this.#calls.asked = ticket;
    this.#asking = ticket;
    try {
      const promise = call.ask();
      if (ticket.state === 'waiting') {
        this.#wait(ticket, this.#entryOf(semaphore, call.units));
        tracker.blocked(ticket, false);
      }
      return tracker.mark(promise, ticket);
    } catch (error) {
      tracker.withdrawn(ticket);
      throw error;
    } finally {
      this.#asking = undefined;
    }
  }

  /** What was queued last. Entries stand in the order of priority, a new one last among its equals: it is near the end. */
  #entryOf({ _queue, _weightedQueues }: SemaphoreInternals, units: number): Entry | undefined {
    return (_queue ?? _weightedQueues?.[units - 1])?.findLast((one) => !this.#queued.has(one));
  }

  #wait(ticket: Ticket, entry: Entry | undefined): void {
    if (entry !== undefined) {
      this.#queued.add(entry);
      const { resolve, reject } = entry;
      entry.resolve = (given) => {
        given[1] = this.#granted(ticket, given[1]);
        resolve(given);
      };
      entry.reject = (error) => {
        this.#watcher.tracker.withdrawn(ticket);
        reject(error);
      };
    }
  }

  #newReleaser(original: Call): Call {
    const watch = this;
    return function newReleaser(...args) {
      const releaser = original.apply(this, args) as Call;
      const ticket = watch.#asking;
      // All others that are granted stand in a queue.
      watch.#asking = undefined;
      return ticket === undefined ? releaser : watch.#granted(ticket, releaser);
    };
  }

  #granted(ticket: Ticket, releaser: Call): Call {
    this.#watcher.tracker.granted(ticket);
    return this.#releases.releaser(ticket, releaser);
  }

  /** `withTimeout` and `tryAcquire` give an object that has the methods of what they decorate. */
  #watchDecorator(original: Call, isTry: boolean): Call {
    const watch = this;
    const calls = this.#calls;
    return likeOriginal(function decorate(this: object, ...args: unknown[]) {
      const decorated = original.apply(this, args) as object;
      watch.#replace(decorated, 'acquire', (acquire) => {
        const call = calls.fromProgram(acquire, 'owned');
        return function acquireInTime(...values) {
          return watch.#inTime(() => calls.asTry(isTry, () => call.apply(this, values)));
        };
      });
      watch.#replace(decorated, 'runExclusive', (run) => calls.fromProgram(calls.withCallback(run), 'seen'));
      for (const name of ['waitForUnlock', 'release']) {
        watch.#replace(decorated, name, (call) => calls.fromProgram(call, 'seen'));
      }
      return decorated;
    }, original);
  }

  #inTime(work: () => unknown): unknown {
    const before = this.#ends;
    this.#ends = true;
    try {
      return work();
    } finally {
      this.#ends = before;
    }
  }
}
