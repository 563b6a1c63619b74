/**
 * p-queue: a queue is a counting resource; a task asks for a slot when it is added, and has it from its first step until it has
 * settled. The queue calls the task right when it gives the slot away, so the task itself tells. A task with a time-out or a
 * signal loses its slot before it is over; so what `add` gives tells the end where such an option is used.
 */
import type { LockInstance } from '../state/classes.ts';
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import { type Call, isObject, likeOriginal, replaceMethod, watchConstructor } from './calls.ts';
import type { LockRequest } from './request.ts';
import { ownDescriptor, prototypeWith } from './shape.ts';

type Class = new (...args: never[]) => object;
type Task = (this: unknown, ...args: unknown[]) => unknown;
type From = Pick<NewLock, 'below' | 'maker'>;

const GETTERS = ['concurrency', 'pending', 'isPaused'] as const;

export const pQueue: Adapter = defineAdapter({
  name: 'p-queue',
  versions: { from: '6.6.0', below: '11.0.0' },
  watch(exports: Exports, watcher: Watcher): Exports | undefined {
    const PQueue = exports['default'];
    if (typeof PQueue !== 'function') {
      return undefined;
    }
    const watch = new PQueueWatch(watcher, (PQueue as unknown as Class).prototype as object);
    return {
      default: watchConstructor(PQueue as unknown as Class, (queue, _, from) => watch.know(queue, from)),
    };
  },
  adopt(queue: object, watcher: Watcher): object | undefined {
    const prototype = prototypeWith(queue, ['add', 'addAll', 'onIdle', 'onEmpty', 'clear']);
    const isOwn = prototype && GETTERS.every((name) => ownDescriptor(prototype, name)?.get !== undefined);
    return isOwn && new PQueueWatch(watcher, prototype).know(queue, { below: undefined }) ? queue : undefined;
  },
});

/** The queues of one copy of the library. */
class PQueueWatch {
  readonly #watcher: Watcher;
  readonly #getters: Readonly<Record<string, PropertyDescriptor>>;
  /** Queues that end tasks, or waits of tasks, by themselves. */
  readonly #ending = new WeakSet<object>();

  constructor(watcher: Watcher, prototype: object) {
    this.#watcher = watcher;
    this.#getters = Object.getOwnPropertyDescriptors(prototype) as Record<string, PropertyDescriptor>;
    watcher.once(prototype, () => this.#patch(prototype));
  }

  /** @returns false for what is no queue, though it derives from the class */
  know(queue: object, from: From): boolean {
    return this.#watcher.orElse(false, () => {
      const capacity = unitsOf(this.#read(queue, 'concurrency'));
      if (capacity !== undefined) {
        this.#watcher.know(queue, { kind: 'limiter', capacity, ...from });
      }
      return capacity !== undefined;
    });
  }

  #patch(prototype: object): void {
    const isDone =
      replaceMethod(prototype, 'add', (original) => this.#add(original)) &&
      replaceMethod(prototype, 'clear', (original) => this.#clear(original)) &&
      replaceMethod(prototype, 'onIdle', (original) => this.#idle(original)) &&
      this.#watchConcurrency(prototype);
    if (!isDone) {
      throw new Error('p-queue has not the methods that could be watched');
    }
    // Younger than the others.
    replaceMethod(prototype, 'onPendingZero', (original) => this.#idle(original));
  }

  /** What the library's own getter says. */
  #read(queue: object, name: (typeof GETTERS)[number]): unknown {
    try {
      return this.#getters[name]?.get?.call(queue);
    } catch {
      return undefined;
    }
  }

  /** The lock of a queue with limited slots; what has no limit is no lock. */
  #lockOf(queue: object): LockInstance | undefined {
    const lock = this.#watcher.lockOf(queue);
    return lock === undefined || !Number.isFinite(lock.capacity) ? undefined : lock;
  }

  #add(original: Call): Call {
    const watch = this;
    return function add(...args) {
      const [task, options] = args;
      const request = watch.#watcher.orElse(undefined, () =>
        typeof task === 'function' ? watch.#ask(this, { below: add, ends: has(options, 'signal') }) : undefined,
      );
      if (request === undefined) {
        return original.apply(this, args);
      }
      const work: Task = function work(...values) {
        return request.hold(() => (task as Task).apply(this, values), task as Task);
      };
      try {
        const promise = original.call(this, work, ...args.slice(1));
        return watch.#watcher.orElse(promise, () => watch.#asked(this, { request, promise, options }));
      } catch (error) {
        request.withdrawn();
        throw error;
      }
    };
  }

  #ask(queue: object, { below, ends }: { below: unknown; ends: boolean }): LockRequest | undefined {
    const lock = this.#lockOf(queue);
    return lock && this.#watcher.request(lock, { below, ends });
  }

  #asked(queue: object, asked: { request: LockRequest; promise: unknown; options: unknown }): unknown {
    const { request, promise, options } = asked;
    const isTimed = has(options, 'timeout') || (queue as { timeout?: unknown }).timeout !== undefined;
    // Else nothing but clear() ends it before it is over.
    if (!isTimed && !has(options, 'signal')) {
      this.#wait(queue, request);
      return request.seen(promise);
    }
    this.#ending.add(queue);
    return request.endsWith(promise);
  }

  /** Tells that a request waits for those who have the slots, where that is what it waits for. */
  #wait(queue: object, request: LockRequest): void {
    const isFull = Number(this.#read(queue, 'pending')) >= request.lock.capacity;
    if (request.state === 'waiting' && isFull && this.#read(queue, 'isPaused') !== true && !this.#ending.has(queue)) {
      request.blocked();
    }
  }

  /** What waits until no task runs waits for itself where it is part of one. */
  #idle(original: Call): Call {
    const watch = this;
    return function onIdle(...args) {
      const promise = original.apply(this, args);
      return watch.#watcher.orElse(promise, () => {
        const lock = Number(watch.#read(this, 'pending')) > 0 ? watch.#lockOf(this) : undefined;
        if (lock === undefined) {
          return promise;
        }
        const request = watch.#watcher.request(lock, { below: onIdle, units: lock.capacity });
        const over = (): void => request.withdrawn();
        watch.#watcher.hear(promise, { fulfilled: over, rejected: over });
        return request.seen(promise);
      });
    };
  }

  /** Tasks that are taken out of the queue never run. */
  #clear(original: Call): Call {
    const watch = this;
    return function clear(...args) {
      watch.#watcher.orElse(undefined, () => {
        const lock = watch.#watcher.lockOf(this);
        const { tracker } = watch.#watcher;
        for (const ticket of lock === undefined ? [] : tracker.live.waiting.filter((one) => one.lock === lock)) {
          tracker.withdrawn(ticket);
        }
      });
      return original.apply(this, args);
    };
  }

  #watchConcurrency(prototype: object): boolean {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, 'concurrency');
    const set = descriptor?.set as Call | undefined;
    if (set === undefined) {
      return false;
    }
    const watch = this;
    const watched = function (this: object, value: unknown): void {
      const lock = watch.#watcher.lockOf(this);
      const before = lock?.capacity ?? 1;
      if (lock !== undefined) {
        // Tasks begin before the setter comes back.
        lock.capacity = unitsOf(value) ?? before;
      }
      try {
        set.call(this, value);
      } catch (error) {
        if (lock !== undefined) {
          lock.capacity = before;
        }
        throw error;
      }
    };
    Object.defineProperty(prototype, 'concurrency', { ...descriptor, set: likeOriginal(watched, set) });
    return true;
  }
}

/** So many tasks run at once; a part of one counts as one. */
function unitsOf(concurrency: unknown): number | undefined {
  return typeof concurrency === 'number' && concurrency >= 1 ? Math.ceil(concurrency) : undefined;
}

/** Whether an option is given, without a call of the program's code. */
function has(options: unknown, name: string): boolean {
  const own = isObject(options) ? ownDescriptor(options, name) : undefined;
  return own?.get !== undefined || own?.value !== undefined;
}
