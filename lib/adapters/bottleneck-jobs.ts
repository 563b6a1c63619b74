/**
 * The jobs of bottleneck's limiters: a job has its slots from its first `doExecute` until `doDone`, over all its retries, and never
 * gets them once `doDrop` was called. Their class is seen when the first one is asked for. A job that is chained to a second
 * limiter holds its slots of the first one while it waits there.
 */
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { Watcher } from './adapter.ts';
import { type Call, replaceMethod } from './calls.ts';
import type { LockRequest } from './request.ts';

export interface Job {
  task: unknown;
  readonly options: { readonly weight: number; readonly expiration: unknown };
  readonly promise: unknown;
}

interface Limiter {
  readonly _store?: { readonly storeOptions?: { readonly maxConcurrent?: unknown; readonly highWater?: unknown } };
}

/** What a job asks for. */
interface Asked {
  readonly request: LockRequest;
  readonly site: RawSite;
  /** The function that runs as a flow of its own; not where another limiter has begun that. */
  readonly task: { readonly name: string } | undefined;
  /** What the last attempt has given. */
  ended: unknown;
}

/** A job arrives at a limiter. */
export interface Arriving {
  readonly limiter: object;
  readonly lock: LockInstance;
  readonly job: Job;
  readonly below: unknown;
}

/** The jobs of one copy of the library. */
export class Jobs {
  readonly #watcher: Watcher;
  readonly #asked = new WeakMap<object, Asked>();
  /** Limiters that end jobs by themselves. */
  readonly #ending = new WeakSet<object>();
  /** The job that is being handed on to the next limiter. */
  #chained: Asked | undefined;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  /** @returns nothing where the job needs no slot, or the limiter has no limit */
  ask({ limiter, lock, job, below }: Arriving): LockRequest | undefined {
    const { weight, expiration } = job.options;
    lock.capacity = capacityOf(limiter);
    if (!Number.isFinite(lock.capacity) || !(weight > 0)) {
      return undefined;
    }
    this.#patch(Object.getPrototypeOf(job) as object);
    const { site = this.#watcher.site(below) } = this.#chained ?? {};
    const request = this.#watcher.request(lock, { site, units: weight });
    this.#asked.set(job, { request, site, task: this.#chained ? undefined : taskOf(job), ended: undefined });
    this.#chained = undefined;
    request.seen(job.promise);
    if (expiration != null) {
      this.#ending.add(limiter);
    }
    this.#wait(limiter, request, weight);
    return request;
  }

  #patch(prototype: object): void {
    patchOnce(this.#watcher, prototype, {
      doExecute: (original) => this.#execute(original),
      doDone: (original) => this.#done(original),
      doDrop: (original) => this.#drop(original),
    });
  }

  /** Tells that a request waits for those who have the slots, where that is what it waits for, and nothing else ends it. */
  #wait(limiter: object, request: LockRequest, weight: number): void {
    const { lock } = request;
    const held = this.#watcher.tracker.holders(lock).reduce((sum, { units }) => sum + units, 0);
    const mayBeDropped = (limiter as Limiter)._store?.storeOptions?.highWater != null;
    if (held + weight > lock.capacity && !mayBeDropped && !this.#ending.has(limiter)) {
      request.blocked();
    }
  }

  #execute(original: Call): Call {
    const watch = this;
    return function doExecute(...args) {
      const asked = watch.#asked.get(this);
      const job = this as Job;
      const { task } = job;
      if (asked === undefined || typeof task !== 'function') {
        return original.apply(this, args);
      }
      const [chained, ...rest] = args;
      if (chained != null) {
        const { schedule } = chained as { schedule: Call };
        const next = { schedule: (...call: unknown[]) => watch.#chain(asked, () => schedule.apply(chained, call)) };
        return original.call(this, next, ...rest);
      }
      // It is called before the original comes back; the program may see it later.
      job.task = function run(this: unknown, ...values: unknown[]) {
        return watch.#run(asked, () => (task as Call).apply(this as object, values));
      };
      try {
        return original.apply(this, args);
      } finally {
        job.task = task;
      }
    };
  }

  #run(asked: Asked, work: () => unknown): unknown {
    asked.ended = undefined;
    asked.request.granted(asked.task);
    asked.ended = asked.request.run(work);
    return asked.ended;
  }

  #chain(asked: Asked, schedule: () => unknown): unknown {
    return this.#run(asked, () => {
      this.#chained = asked;
      try {
        return schedule();
      } finally {
        this.#chained = undefined;
      }
    });
  }

  #done(original: Call): Call {
    const watch = this;
    return function doDone(...args) {
      const asked = watch.#asked.get(this);
      asked?.request.withdrawn();
      asked?.request.released(asked.ended);
      return original.apply(this, args);
    };
  }

  #drop(original: Call): Call {
    const watch = this;
    return function doDrop(...args) {
      const isDropped = original.apply(this, args);
      if (isDropped === true) {
        watch.#asked.get(this)?.request.withdrawn();
      }
      return isDropped;
    };
  }
}

/** Puts methods in the place of those of a prototype, once. */
export function patchOnce(
  watcher: Watcher,
  prototype: object,
  methods: Readonly<Record<string, (original: Call) => Call>>,
): void {
  watcher.once(prototype, () => {
    for (const [name, wrap] of Object.entries(methods)) {
      if (!replaceMethod(prototype, name, wrap)) {
        throw new Error(`bottleneck has no method ${name} that could be watched`);
      }
    }
  });
}

export function capacityOf(limiter: object): LockInstance['capacity'] {
  return unitsOf((limiter as Limiter)._store?.storeOptions?.maxConcurrent);
}

export function unitsOf(maxConcurrent: unknown): number {
  return typeof maxConcurrent === 'number' && maxConcurrent >= 1 ? Math.floor(maxConcurrent) : Number.POSITIVE_INFINITY;
}

/** The function as the program calls it: `wrap` binds it. */
function taskOf({ task }: Job): { readonly name: string } | undefined {
  return typeof task === 'function' ? { name: String(task.name).replace(/^bound /, '') } : undefined;
}
