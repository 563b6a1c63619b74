/**
 * What redlock gives: several resources, taken at once, and held until they are released, or their lease has run out.
 */
import type { Watcher } from './adapter.ts';
import { isObject } from './calls.ts';
import type { KeyedLocks } from './keyed-locks.ts';
import type { LockRequest } from './request.ts';
import { ownValue } from './shape.ts';

// Taken here, before a test can put fake ones in their place.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;
/** Timers know no longer time. */
const LONGEST_MS = 2 ** 31 - 1;

/** What one call asks for, and has got. */
export class Lease {
  readonly requests: readonly LockRequest[];
  #timer: unknown;

  constructor(requests: readonly LockRequest[]) {
    this.requests = requests;
  }

  /** It is valid up to the time that its Lock says. Version 4 puts that off in place, version 5 makes a new Lock. */
  until(lock: object): void {
    stopTimer(this.#timer as undefined);
    const ms = expirationOf(lock) - Date.now();
    const timer = startTimer(() => this.#look(lock), Math.min(Math.max(ms, 1), LONGEST_MS));
    (timer as { unref?: () => void }).unref?.();
    this.#timer = timer;
  }

  get isHeld(): boolean {
    return this.requests.some(({ state }) => state === 'held');
  }

  blocked(): void {
    for (const request of this.requests) {
      request.blocked();
    }
  }

  granted(): void {
    for (const request of this.requests) {
      request.granted();
    }
  }

  gaveUp(): void {
    for (const request of this.requests) {
      request.gaveUp();
    }
  }

  withdrawn(): void {
    for (const request of this.requests) {
      request.withdrawn();
    }
  }

  /** Runs a callback as the owner of all. */
  run<Result>(work: () => Result): Result {
    return this.requests.reduceRight((inner, request) => () => request.run(inner), work)();
  }

  /** Given back by the program. @param below the function that it called */
  released(watcher: Watcher, below: unknown): void {
    stopTimer(this.#timer as undefined);
    for (const request of this.requests) {
      if (request.hasExpired) {
        request.late('releases', below);
      } else if (request.state === 'released') {
        watcher.released(request.lock, { below });
      } else {
        request.released();
      }
    }
  }

  /** The program asks for more time. @param below the function that it called */
  extended(below: unknown): void {
    for (const request of this.requests) {
      request.late('extends', below);
    }
  }

  #look(lock: object): void {
    const end = expirationOf(lock);
    if (Date.now() < end) {
      this.until(lock);
    } else if (end !== 0) {
      for (const request of this.requests) {
        request.expired();
      }
    }
  }
}

/** Milliseconds since the epoch; 0 where it was released, or another Lock stands for the lease. */
const expirationOf = (lock: object): number => Number(ownValue(lock, 'expiration'));

/** A call that asks. */
export interface LeaseCall {
  readonly redlock: object;
  readonly resources: unknown;
  /** How often it tries again: 0 for one that gives up at once, -1 for one that never does. */
  readonly retries: unknown;
  /** The function that the program called. */
  readonly below: unknown;
}

export class Leases {
  readonly watcher: Watcher;
  /** What each Lock object stands for. */
  readonly #leases = new WeakMap<object, Lease>();

  constructor(watcher: Watcher) {
    this.watcher = watcher;
  }

  ask({ redlock, resources, retries, below }: LeaseCall): Lease {
    return this.watcher.orElse(new Lease([]), () => {
      const locks = this.#locksOf(redlock);
      const site = this.watcher.site(below);
      const ends = retries !== -1 && retries !== Number.POSITIVE_INFINITY;
      // All are asked for before any is granted: there is no order among them.
      const wanted = locks === undefined || !Array.isArray(resources) ? [] : [...new Set<unknown>(resources)];
      const all = wanted.flatMap((resource) => locks?.lock(resource) ?? []);
      return new Lease(all.map((lock) => this.watcher.request(lock, { site, try: retries === 0, ends, leased: true })));
    });
  }

  /** A Lock object of the library stands for a lease, from now on. */
  know(lock: unknown, lease: Lease): void {
    if (isObject(lock)) {
      this.#leases.set(lock, lease);
      lease.until(lock);
    }
  }

  /** The lease that the program wants to extend. @param below the function that it called */
  extend(lock: unknown, below: unknown): Lease | undefined {
    const lease = isObject(lock) ? this.#leases.get(lock) : undefined;
    this.watcher.orElse(undefined, () => lease?.extended(below));
    return lease?.isHeld ? lease : undefined;
  }

  release(lock: unknown, below: unknown): void {
    const lease = isObject(lock) ? this.#leases.get(lock) : undefined;
    this.watcher.orElse(undefined, () => lease?.released(this.watcher, below));
  }

  /** One for each Redis, as far as that is known: objects that share a client share their locks. */
  #locksOf(redlock: object): KeyedLocks | undefined {
    const [first = redlock] = (ownValue(redlock, 'clients') ?? ownValue(redlock, 'servers') ?? []) as Iterable<object>;
    return (
      this.watcher.keyedOf(redlock) ??
      this.watcher.keyedOf(first) ??
      this.watcher.keyed(first, { kind: 'mutex', name: 'redlock', below: this.#locksOf })
    );
  }
}
