/**
 * async-mutex: a mutex is a semaphore with one unit inside, so the semaphore is where the events are told. It gives units
 * away in `_dispatchItem`, at once or on a release, and makes the releaser in `_newReleaser`; both run before anybody
 * else, so nothing has to be attached to a promise, and no turn of the event loop moves.
 */
import type { Ticket } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import { type Call, likeOriginal, replaceMethod, watchConstructor } from './calls.ts';
import { ProgramCalls } from './program-calls.ts';

type Class = new (...args: never[]) => object;
type From = Pick<NewLock, 'below' | 'maker'>;

interface SemaphoreInternals {
  readonly _queue: readonly object[];
  getValue(): number;
}

export const asyncMutex: Adapter = defineAdapter({
  name: 'async-mutex',
  versions: { from: '0.5.0', below: '0.6.0' },
  watch: (exports, watcher) => new AsyncMutexWatch(watcher).watch(exports),
});

/** The requests made to one copy of the library. */
class AsyncMutexWatch {
  readonly #watcher: Watcher;
  readonly #locks = new WeakMap<object, LockInstance>();
  readonly #queued = new WeakMap<object, Ticket>();
  readonly #calls: ProgramCalls;
  /** The request that is being granted. */
  #granted: Ticket | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    this.#calls = new ProgramCalls(watcher);
  }

  watch(exports: Exports): Exports {
    const { Mutex, Semaphore, withTimeout, tryAcquire } = exports as Record<string, Class & Call>;
    this.#watchSemaphore(Semaphore?.prototype);
    this.#watchMutex(Mutex?.prototype);
    return {
      ...(Semaphore && {
        Semaphore: watchConstructor(Semaphore, (...made) => this.#made(() => this.#madeSemaphore(...made))),
      }),
      ...(Mutex && { Mutex: watchConstructor(Mutex, (...made) => this.#made(() => this.#madeMutex(...made))) }),
      ...(withTimeout && { withTimeout: this.#watchDecorator(withTimeout, false) }),
      ...(tryAcquire && { tryAcquire: this.#watchDecorator(tryAcquire, true) }),
    };
  }

  #made(work: () => void): void {
    this.#watcher.orElse(undefined, work);
  }

  #madeSemaphore(semaphore: object, [units]: readonly unknown[], from: From): void {
    // One that begins empty is a signal: whoever takes a unit is not the one who gives it back.
    if (typeof units === 'number' && units >= 1) {
      this.#know(this.#watcher.lock({ kind: 'semaphore', capacity: Math.floor(units), ...from }), semaphore);
    }
  }

  #madeMutex(mutex: object, _: readonly unknown[], from: From): void {
    this.#know(this.#watcher.lock({ kind: 'mutex', ...from }), mutex, (mutex as { _semaphore: object })._semaphore);
  }

  #know(lock: LockInstance | undefined, ...objects: readonly object[]): void {
    for (const object of lock === undefined ? [] : objects) {
      this.#locks.set(object, lock as LockInstance);
    }
  }

  #watchMutex(prototype: object): void {
    this.#replace(prototype, 'acquire', (original) => this.#calls.fromProgram(original, 'owned'));
    this.#replace(prototype, 'runExclusive', (original) => this.#calls.fromProgram(original, 'seen'));
    this.#replace(prototype, 'release', (original) => {
      const watch = this;
      return function release(...args) {
        const lock = watch.#locks.get(this);
        // The library passes over a release of a free mutex in silence.
        if (lock !== undefined && !(this as { isLocked(): boolean }).isLocked()) {
          watch.#watcher.tracker.releasedUnnamed(lock, 1, watch.#watcher.site(release));
        }
        return original.apply(this, args);
      };
    });
  }

  #watchSemaphore(prototype: object): void {
    this.#replace(prototype, 'acquire', (original) => this.#calls.fromProgram(this.#acquire(original), 'owned'));
    this.#replace(prototype, 'runExclusive', (original) =>
      this.#calls.fromProgram(this.#calls.withCallback(original), 'seen'),
    );
    this.#replace(prototype, '_dispatchItem', (original) => this.#dispatch(original));
    this.#replace(prototype, '_newReleaser', (original) => this.#newReleaser(original));
    this.#replace(prototype, 'release', (original) => this.#release(original));
    const lockOf = (one: object): LockInstance | undefined => this.#locks.get(one);
    this.#replace(prototype, 'waitForUnlock', (original) => this.#calls.withoutTaking(original, lockOf));
    this.#replace(prototype, 'cancel', (original) => this.#cancel(original));
    this.#replace(prototype, 'setValue', (original) => this.#setValue(original));
  }

  #replace(prototype: object, name: string, wrap: (original: Call) => Call): void {
    if (!replaceMethod(prototype, name, wrap)) {
      throw new Error(`async-mutex has no method ${name} that could be watched`);
    }
  }

  #acquire(original: Call): Call {
    const watch = this;
    return function acquire(...args) {
      const lock = watch.#locks.get(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      return watch.#ask(lock, this as SemaphoreInternals, {
        units: weightOf(args[0]),
        ask: () => original.apply(this, args),
      });
    };
  }

  #ask(lock: LockInstance, semaphore: SemaphoreInternals, call: { units: number; ask: () => unknown }): unknown {
    const { tracker } = this.#watcher;
    const site = this.#calls.site ?? this.#watcher.site(this.#ask);
    const ticket = tracker.request(lock, { units: call.units, try: this.#calls.isTry, site });
    this.#calls.asked = ticket;
    try {
      const promise = call.ask();
      if (ticket.state === 'waiting') {
        // Entries stand in the order of priority, a new one last among its equals: it is near the end.
        const entry = semaphore._queue.findLast((one) => !this.#queued.has(one));
        if (entry !== undefined) {
          this.#queued.set(entry, ticket);
        }
        tracker.blocked(ticket, false);
      }
      return tracker.mark(promise, ticket);
    } catch (error) {
      tracker.withdrawn(ticket);
      throw error;
    }
  }

  #dispatch(original: Call): Call {
    const watch = this;
    return function dispatchItem(item) {
      // An entry that is not queued is that of the request being made right now.
      const ticket = watch.#queued.get(item as object) ?? (watch.#locks.has(this) ? watch.#calls.asked : undefined);
      watch.#granted = ticket;
      if (ticket !== undefined) {
        watch.#watcher.tracker.granted(ticket);
      }
      try {
        return original.call(this, item);
      } finally {
        watch.#granted = undefined;
      }
    };
  }

  #newReleaser(original: Call): Call {
    const watch = this;
    return function newReleaser(...args) {
      const releaser = original.apply(this, args) as Call;
      const ticket = watch.#granted;
      return ticket === undefined ? releaser : watch.#watchedReleaser(releaser, ticket);
    };
  }

  #watchedReleaser(releaser: Call, ticket: Ticket): Call {
    const { tracker } = this.#watcher;
    const watch = this;
    let wasCalled = false;
    return likeOriginal(function release(this: object) {
      if (!wasCalled && ticket.state === 'released') {
        // Its unit was given back before, by a plain release(): this one gives back somebody else's.
        tracker.releasedUnnamed(ticket.lock, ticket.units, ticket.site ?? watch.#watcher.site(release));
      }
      wasCalled = true;
      tracker.released(ticket);
      return watch.#calls.releasing(() => releaser.call(this));
    }, releaser);
  }

  #release(original: Call): Call {
    const watch = this;
    return function release(...args) {
      const lock = watch.#locks.get(this);
      const units = weightOf(args[0]);
      if (lock === undefined || watch.#calls.isReleasing || !(units > 0)) {
        return original.apply(this, args);
      }
      // Whoever gives back units by number may give back those of others, or new ones: the library counts, it owns nothing.
      if (lock.class.kind.counting) {
        watch.#watcher.tracker.disown(lock);
      }
      watch.#watcher.tracker.releasedUnnamed(lock, units, watch.#watcher.site(release));
      return original.apply(this, args);
    };
  }

  #cancel(original: Call): Call {
    const watch = this;
    return function cancel(...args) {
      for (const entry of (this as SemaphoreInternals)._queue) {
        const ticket = watch.#queued.get(entry);
        if (ticket !== undefined) {
          watch.#watcher.tracker.withdrawn(ticket);
        }
      }
      return original.apply(this, args);
    };
  }

  #setValue(original: Call): Call {
    const watch = this;
    return function setValue(...args) {
      const lock = watch.#locks.get(this);
      if (lock !== undefined) {
        const held = watch.#watcher.tracker.holders(lock).reduce((sum, one) => sum + one.units, 0);
        lock.capacity = Math.max(1, Math.floor(Number(args[0])) + held);
        watch.#watcher.tracker.disown(lock);
      }
      return original.apply(this, args);
    };
  }

  /** `withTimeout` and `tryAcquire` give an object that has the methods of what they decorate. */
  #watchDecorator(original: Call, isTry: boolean): Call {
    const watch = this;
    return likeOriginal(function decorate(this: object, ...args: unknown[]) {
      const decorated = original.apply(this, args) as object;
      watch.#replace(decorated, 'acquire', (acquire) => {
        const call = watch.#calls.fromProgram(acquire, 'owned');
        return function tryCall(...values) {
          return watch.#calls.asTry(isTry, () => call.apply(this, values));
        };
      });
      watch.#replace(decorated, 'runExclusive', (run) =>
        watch.#calls.fromProgram(watch.#calls.withCallback(run), 'seen'),
      );
      return decorated;
    }, original);
  }
}

const weightOf = (weight: unknown): number => (weight === undefined ? 1 : Number(weight));
