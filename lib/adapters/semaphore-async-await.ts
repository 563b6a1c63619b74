/**
 * semaphore-async-await: a call that has to wait leaves its resolver in a queue, and `signal` gives the permit to the first
 * one; both are seen as they happen. `waitFor` ends with false. A semaphore is a counter, and anybody may signal it; a `Lock` is
 * a semaphore of one permit that is to be given back by whoever has it.
 */
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import { type Call, replaceMethod, watchConstructor } from './calls.ts';
import { givenBack } from './counter.ts';
import type { LockRequest } from './request.ts';
import { ownValue, prototypeWith } from './shape.ts';

type Class = new (...args: never[]) => object;

interface Semaphore {
  readonly permits: number;
  /** Never replaced: a semaphore is known by it, also behind a Proxy. */
  readonly promiseResolverQueue: readonly object[];
  wait(): unknown;
  signal(): unknown;
}

const METHODS = ['wait', 'acquire', 'waitFor', 'tryAcquire', 'drainPermits', 'signal', 'release', 'execute'] as const;

export const semaphoreAsyncAwait: Adapter = defineAdapter({
  name: 'semaphore-async-await',
  versions: { from: '1.5.0', below: '2.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports {
    const { default: original, Lock } = exports as Record<string, Class>;
    watchOf(watcher).watch(original?.prototype as object);
    const made = (isLock: boolean, one: object, from: From): void => {
      watcher.orElse(undefined, () => know(one as Semaphore, watcher, { isLock, ...from }));
    };
    return {
      ...(original && { default: watchConstructor(original, (one, _, from) => made(false, one, from)) }),
      ...(Lock && { Lock: watchConstructor(Lock, (one, _, from) => made(true, one, from)) }),
    };
  },
  adopt(lock: object, watcher: Watcher): object | undefined {
    const prototype = prototypeWith(lock, METHODS);
    if (prototype === undefined || !Array.isArray(ownValue(lock, 'promiseResolverQueue'))) {
      return undefined;
    }
    watchOf(watcher).watch(prototype);
    const isLock = isLockBelow(prototype, lock);
    know(lock as Semaphore, watcher, { isLock, below: semaphoreAsyncAwait.adopt });
    return lock;
  },
});

type From = Pick<NewLock, 'below' | 'maker'>;

/** Whether the class of an object is the `Lock` that derives from the semaphore, or derives from it. */
function isLockBelow(prototype: object, object: object): boolean {
  for (
    let at: object | null = object;
    at !== null && at !== prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const made = ownValue(at, 'constructor');
    if (typeof made === 'function' && ownValue(made, 'name') === 'Lock') {
      return true;
    }
  }
  return false;
}

function know(semaphore: Semaphore, watcher: Watcher, { isLock, ...from }: From & { isLock: boolean }): void {
  const { permits, promiseResolverQueue } = semaphore;
  const kind = isLock ? { kind: 'mutex' } : { kind: 'semaphore', capacity: Math.floor(permits) };
  // One that begins empty is a signal: whoever takes a permit is not the one who gives it back.
  const lock = isLock || permits >= 1 ? watcher.know(semaphore, { ...kind, ...from }) : undefined;
  if (lock !== undefined) {
    watcher.alias(promiseResolverQueue, lock);
  }
}

const watches = new WeakMap<Watcher, SemaphoreWatch>();

function watchOf(watcher: Watcher): SemaphoreWatch {
  const known = watches.get(watcher) ?? new SemaphoreWatch(watcher);
  watches.set(watcher, known);
  return known;
}

class SemaphoreWatch {
  readonly #watcher: Watcher;
  /** The request of each resolver that is queued. */
  readonly #queued = new WeakMap<object, LockRequest>();
  /** The lock whose methods call each other. */
  #inside: LockInstance | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  watch(prototype: object): void {
    const takes = (original: Call): Call => this.#takes(original, false);
    const gives = (original: Call): Call => this.#gives(original);
    const wraps: Record<(typeof METHODS)[number], (original: Call) => Call> = {
      wait: takes,
      acquire: takes,
      waitFor: (original) => this.#takes(original, true),
      tryAcquire: (original) => this.#tries(original),
      drainPermits: (original) => this.#tries(original),
      signal: gives,
      release: gives,
      execute: (original) => this.#execute(original),
    };
    this.#watcher.once(prototype, () => {
      for (const name of METHODS) {
        if (!replaceMethod(prototype, name, wraps[name])) {
          throw new Error(`semaphore-async-await has no method ${name} that could be watched`);
        }
      }
    });
  }

  /** The lock that the program calls. */
  #lockOf(semaphore: object | undefined): LockInstance | undefined {
    const lock = this.#watcher.lockOf((semaphore as Semaphore | undefined)?.promiseResolverQueue as object);
    return lock === this.#inside ? undefined : lock;
  }

  #takes(original: Call, ends: boolean): Call {
    const watch = this;
    return function take(...args) {
      const lock = watch.#lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      const request = watch.#watcher.request(lock, { ends, below: take });
      const promise = watch.#ask(request, this as Semaphore, () => original.apply(this, args));
      if (!ends || request.state !== 'waiting') {
        return request.owns(promise);
      }
      const granted = (isGranted: unknown): void => {
        if (isGranted === false) {
          request.gaveUp();
        }
      };
      return request.grantedBy(promise, { granted });
    };
  }

  #ask(request: LockRequest, { promiseResolverQueue: queue }: Semaphore, ask: () => unknown): unknown {
    const before = queue.length;
    let promise: unknown;
    try {
      promise = this.#within(request.lock, ask);
    } catch (error) {
      request.withdrawn();
      throw error;
    }
    const resolver = queue.length > before ? queue.at(-1) : undefined;
    if (resolver === undefined) {
      request.granted();
    } else {
      this.#queued.set(resolver, request);
      request.blocked(true);
    }
    return promise;
  }

  #within(lock: LockInstance, work: () => unknown): unknown {
    const before = this.#inside;
    this.#inside = lock;
    try {
      return work();
    } finally {
      this.#inside = before;
    }
  }

  /** Gives true, or the number of permits that were taken. */
  #tries(original: Call): Call {
    const watch = this;
    return function take(...args) {
      const lock = watch.#lockOf(this);
      const taken = original.apply(this, args);
      if (lock !== undefined && Number(taken) > 0) {
        watch.#watcher.request(lock, { try: true, units: Number(taken), below: take }).entered(take);
        if (taken !== true) {
          // All that are left, to keep others out: it need not mean that they are given back.
          watch.#watcher.disown(lock);
        }
      }
      return taken;
    };
  }

  #gives(original: Call): Call {
    const watch = this;
    return function give(...args) {
      const lock = watch.#lockOf(this);
      if (lock === undefined) {
        return original.apply(this, args);
      }
      const { tracker } = watch.#watcher;
      const site = watch.#watcher.site(give);
      if (lock.class.kind.counting) {
        givenBack(watch.#watcher, lock, { units: 1, site });
      } else if ((this as Semaphore).permits > 0 || tracker.holders(lock).length > 0) {
        // Else it was taken before it was watched.
        tracker.releasedUnnamed(lock, 1, site);
      }
      return watch.#handOver(lock, this as Semaphore, () => original.apply(this, args));
    };
  }

  #handOver(lock: LockInstance, { promiseResolverQueue: queue }: Semaphore, give: () => unknown): unknown {
    const [first] = queue;
    try {
      return this.#within(lock, give);
    } finally {
      if (first !== undefined && queue[0] !== first) {
        this.#queued.get(first)?.granted();
      }
    }
  }

  /** The library waits and signals by the methods of `this`: what stands in for it knows which call that is for. */
  #execute(original: Call): Call {
    const watch = this;
    return function execute(work, ...rest) {
      const lock = watch.#lockOf(this);
      if (lock === undefined) {
        return original.call(this, work, ...rest);
      }
      const semaphore = this as Semaphore;
      const request = watch.#watcher.request(lock, { below: execute });
      const standIn = Object.create(semaphore, {
        wait: { value: () => request.owns(watch.#ask(request, semaphore, () => semaphore.wait())) },
        signal: {
          value: () => {
            request.released();
            return watch.#handOver(lock, semaphore, () => semaphore.signal());
          },
        },
      }) as object;
      const owned = isCallable(work) ? () => request.run(() => work()) : work;
      return request.seen(original.call(standIn, owned, ...rest));
    };
  }
}

const isCallable = (work: unknown): work is () => unknown => typeof work === 'function';
