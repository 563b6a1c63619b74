/**
 * What pools have in common: who holds each of their resources; and, for those that make an object with `resolve` and `reject`
 * for each request, where the grant and the end of the wait are told.
 */
import type { Watcher } from './adapter.ts';
import { type Call, replaceMethod } from './calls.ts';
import type { LockRequest } from './request.ts';
import { prototypeWith } from './shape.ts';

/** A request, and the pool that it is made to. */
export interface Asked {
  readonly request: LockRequest;
  readonly pool: object;
}

/** Who holds which resource of which pool. */
export class PoolHolders {
  readonly #held = new WeakMap<object, Map<unknown, LockRequest>>();

  granted({ request, pool }: Asked, resource: unknown): void {
    const held = this.#held.get(pool) ?? new Map<unknown, LockRequest>();
    this.#held.set(pool, held);
    held.set(resource, request);
    request.granted();
  }

  /** To be told first: whoever waits gets it before the library's own call returns. @returns false where nobody holds it */
  released(pool: object, resource: unknown): boolean {
    const held = this.#held.get(pool);
    const request = held?.get(resource);
    held?.delete(resource);
    request?.released();
    return request !== undefined;
  }
}

/** The requests of pools that make an object of one class for each. */
export class PoolEntries {
  readonly holders: PoolHolders = new PoolHolders();
  readonly #watcher: Watcher;
  readonly #isTimeout: (error: unknown) => boolean;
  readonly #asked = new WeakMap<object, Asked>();

  /** @param isTimeout whether this is the error of a wait that has ended by itself; others say nothing */
  constructor(watcher: Watcher, isTimeout: (error: unknown) => boolean) {
    this.#watcher = watcher;
    this.#isTimeout = isTimeout;
  }

  /** The library has made this object for a request. */
  add(entry: object, asked: Asked): void {
    this.#asked.set(entry, asked);
    const prototype = prototypeWith(entry, ['resolve', 'reject']);
    if (prototype !== undefined) {
      this.#watcher.once(prototype, () => {
        replaceMethod(prototype, 'resolve', (original) =>
          this.#settle(original, (one, resource) => this.holders.granted(one, resource)),
        );
        replaceMethod(prototype, 'reject', (original) =>
          this.#settle(original, ({ request }, error) =>
            this.#isTimeout(error) ? request.gaveUp() : request.withdrawn(),
          ),
        );
      });
    }
  }

  #settle(original: Call, told: (asked: Asked, value: unknown) => void): Call {
    const entries = this;
    return function settle(value, ...args) {
      const asked = entries.#asked.get(this);
      // What comes after its time-out changes nothing.
      if (asked?.request.state === 'waiting') {
        told(asked, value);
      }
      return original.call(this, value, ...args);
    };
  }
}

/** Whether this is an error of a class of that name, as tarn and sequelize-pool have one each. */
export function isTimeoutError(error: unknown): boolean {
  return error instanceof Error && (error as { constructor?: { name?: unknown } }).constructor?.name === 'TimeoutError';
}

/** Replaces a method without which the library cannot be watched. @throws Error where it is not there */
export function replaceNeeded(
  library: string,
  prototype: object,
  methods: Readonly<Record<string, (original: Call) => Call>>,
): void {
  for (const [name, wrap] of Object.entries(methods)) {
    if (!replaceMethod(prototype, name, wrap)) {
      throw new Error(`${library} has no method ${name} that could be watched`);
    }
  }
}
