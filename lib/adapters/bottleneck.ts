/**
 * bottleneck: a limiter with `maxConcurrent` is a counting resource, one without it is no lock. A job asks for its slots in
 * `_receive`, however it came there: by `schedule`, `submit`, `wrap`, or from a limiter that is chained to this one. What
 * becomes of it is told by the jobs themselves.
 */
import { type Adapter, defineAdapter, type Exports, type NewLock, type Watcher } from './adapter.ts';
import { capacityOf, type Job, Jobs, patchOnce, unitsOf } from './bottleneck-jobs.ts';
import { type Call, watchConstructor } from './calls.ts';
import { ownValue, prototypeWith } from './shape.ts';

type Class = new (...args: never[]) => object;
type From = Pick<NewLock, 'below' | 'maker'>;

interface Group {
  readonly limiterOptions?: { readonly maxConcurrent?: unknown };
  readonly instances: Readonly<Record<string, object>>;
}

export const bottleneck: Adapter = defineAdapter({
  name: 'bottleneck',
  versions: { from: '2.19.0', below: '2.20.0' },
  entries: ['es5', 'light'],
  watch: (exports, watcher) => new BottleneckWatch(watcher).watch(exports),
  adopt: (lock, watcher) => new BottleneckWatch(watcher).adopt(lock),
});

/** The limiters of one copy of the library. */
class BottleneckWatch {
  readonly #watcher: Watcher;
  readonly #jobs: Jobs;
  /** The limiter of a group that is being made. */
  #making: { readonly group: object; readonly key: string } | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    this.#jobs = new Jobs(watcher);
  }

  watch(exports: Exports): Exports | undefined {
    const Bottleneck = exports['default'] as (Class & Record<string, unknown>) | undefined;
    if (typeof Bottleneck !== 'function') {
      return undefined;
    }
    const prototype = Bottleneck.prototype as object;
    this.#patchLimiters(prototype);
    const watched = watchConstructor(Bottleneck, (limiter, _, from) => {
      this.#watcher.orElse(undefined, () => this.#know(limiter, from));
    });
    // The class is its own `default`.
    replaceValue(Bottleneck, 'default', Bottleneck, watched);
    const { Group } = Bottleneck;
    if (typeof Group === 'function') {
      this.#patchGroups(Group.prototype as object);
      const watchedGroup = watchConstructor(Group as Class, (group, _, from) => {
        this.#watcher.orElse(undefined, () => this.#knowGroup(group, from));
      });
      replaceValue(Bottleneck, 'Group', Group, watchedGroup);
      replaceValue(prototype, 'Group', Group, watchedGroup);
    }
    return { default: watched };
  }

  adopt(lock: object): object | undefined {
    const limiters = prototypeWith(lock, ['_receive', 'schedule', 'submit', 'wrap', 'updateSettings']);
    const groups = prototypeWith(lock, ['key', 'deleteKey', 'limiters', 'clusterKeys']);
    const Bottleneck = ownValue(lock, 'Bottleneck');
    if (limiters !== undefined) {
      this.#patchLimiters(limiters);
      this.#know(lock, { below: undefined });
    } else if (groups !== undefined && typeof Bottleneck === 'function') {
      this.#patchLimiters(Bottleneck.prototype as object);
      this.#patchGroups(groups);
      this.#knowGroup(lock, { below: undefined });
      for (const [key, limiter] of Object.entries((lock as Group).instances)) {
        this.#knowKey(lock, key, limiter);
      }
    } else {
      return undefined;
    }
    return lock;
  }

  #know(limiter: object, from: From): void {
    this.#watcher.know(limiter, { kind: 'limiter', capacity: capacityOf(limiter), ...from });
  }

  #knowGroup(group: object, from: From): void {
    const capacity = unitsOf((group as Group).limiterOptions?.maxConcurrent);
    this.#watcher.keyed(group, { kind: 'limiter', capacity, ...from });
  }

  #knowKey(group: object, key: string, limiter: object): void {
    const keyed = this.#watcher.keyedOf(group);
    if (keyed !== undefined) {
      const lock = keyed.lock(key);
      // One that was deleted while in use is another one.
      const isOther = this.#watcher.tracker.isInUse(lock);
      this.#watcher.alias(limiter, isOther ? keyed.lock(Symbol(key)) : lock);
    }
  }

  #patchLimiters(prototype: object): void {
    patchOnce(this.#watcher, prototype, { _receive: (original) => this.#receive(original) });
  }

  #patchGroups(prototype: object): void {
    patchOnce(this.#watcher, prototype, { key: (original) => this.#key(original) });
  }

  #key(original: Call): Call {
    const watch = this;
    return function key(...args) {
      const [name = ''] = args;
      const before = watch.#making;
      // As the library does it, where it looks for the limiter.
      watch.#making = typeof name === 'object' ? undefined : { group: this, key: String(name) };
      try {
        const limiter = original.apply(this, args);
        return watch.#watcher.orElse(limiter, () => {
          watch.#made(limiter as object);
          return limiter;
        });
      } finally {
        watch.#making = before;
      }
    };
  }

  /** A limiter that a group has just made, or had: its first job may come before it is handed out. */
  #made(limiter: object): void {
    const { group, key } = this.#making ?? {};
    const isNew = group !== undefined && key !== undefined && this.#watcher.lockOf(limiter) === undefined;
    if (isNew && (group as Group).instances[key] === limiter) {
      this.#knowKey(group, key, limiter);
    }
  }

  #receive(original: Call): Call {
    const watch = this;
    return function receive(...args) {
      const [job] = args;
      const request = watch.#watcher.orElse(undefined, () => {
        watch.#made(this);
        const lock = watch.#watcher.lockOf(this);
        return lock && watch.#jobs.ask({ limiter: this, lock, job: job as Job, below: receive });
      });
      const result = original.apply(this, args);
      if (result === false) {
        // A second job with the name of another one.
        request?.withdrawn();
      }
      return result;
    };
  }
}

function replaceValue(target: object, name: string, from: unknown, to: unknown): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  if (descriptor !== undefined && descriptor.value === from && descriptor.writable === true) {
    Object.defineProperty(target, name, { ...descriptor, value: to });
  }
}
