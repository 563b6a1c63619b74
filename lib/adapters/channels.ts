/**
 * Lock events that a library publishes by itself, over `node:diagnostics_channel`, without depending on this package:
 * docs/adapters.md has the three lines that it adds. A message is an object that stands for one request from its first
 * event to its last; what is wrong with it is said once, and passed over.
 */
import { LOCK_KINDS } from '../model/kind.ts';
import { builtin } from '../owner/runtime.ts';
import { shown } from '../shown.ts';
import type { LockInstance } from '../state/classes.ts';
import type { BuiltinAdapter, Watcher } from './adapter.ts';
import { isObject } from './calls.ts';
import type { LockRequest } from './request.ts';

/** What is published on `lockdep:request`, and again, the very same object, on the others. */
export interface LockMessage {
  /** The lock object: one for each lock. */
  readonly lock: object;
  /** A kind of lock by its name. @default 'mutex' */
  readonly kind?: string;
  /** What its class is called. @default the place where it was first asked for */
  readonly name?: string;
  /** Which of several locks, where `lock` stands for one for each key. */
  readonly key?: string;
  /** Units there are to hold. @default 1 */
  readonly capacity?: number;
  /** @default 'exclusive' */
  readonly mode?: 'exclusive' | 'shared' | 'recursive-shared';
  /** Units that are asked for. @default 1 */
  readonly units?: number;
  /** True where it gives up at once instead of waiting. @default false */
  readonly try?: boolean;
  /** What the caller gets and waits for: whoever does so owns the lock. Without it the code does that runs when `granted` is published. */
  readonly promise?: unknown;
  /** True where the lock is owned by a callback alone, which the library calls through `run`: in the context of whoever releases. @default false */
  readonly callback?: boolean;
  /** The library's own function that was called: the place is the one above it. @default the first frame outside of node_modules */
  readonly below?: unknown;
  /** Put here when the message was published: calls a function as the owner of the lock. */
  run?: <Result>(work: () => Result) => Result;
}

const EVENTS = ['request', 'granted', 'released', 'cancelled'] as const;
type Event = (typeof EVENTS)[number];

export const channels: BuiltinAdapter = {
  name: 'diagnostics_channel',
  attach(watcher, seen) {
    const { subscribe, channel } = builtin('node:diagnostics_channel') ?? {};
    let published: Published | undefined;
    for (const event of EVENTS) {
      subscribe?.(`lockdep:${event}`, (message) => {
        seen();
        published ??= new Published(watcher, channel?.('lockdep:request').publish);
        watcher.orElse(undefined, () => published?.take(event, message));
      });
    }
  },
};

class Published {
  readonly #watcher: Watcher;
  readonly #requests = new WeakMap<object, LockRequest>();
  readonly #publish: unknown;
  #isSaid = false;

  /** @param publish the function that the library calls */
  constructor(watcher: Watcher, publish: unknown) {
    this.#watcher = watcher;
    this.#publish = publish;
  }

  take(event: Event, message: unknown): void {
    const problem = problemOf(message);
    if (problem !== undefined) {
      this.#say(`lockdep:${event}: ${problem}`);
      return;
    }
    const request = this.#requests.get(message as object);
    switch (event) {
      case 'request':
        this.#ask(message as LockMessage);
        return;
      case 'granted':
        if (needsOwner(message as LockMessage)) {
          request?.entered(this.#publish);
        } else {
          request?.granted();
        }
        return;
      case 'released':
        request?.released();
        return;
      case 'cancelled':
        request?.gaveUp();
    }
  }

  #ask(message: LockMessage): void {
    const lock = this.#lockOf(message);
    if (lock === undefined) {
      return;
    }
    const { mode, units, try: isTry, promise, below = this.#ask } = message;
    const request = this.#watcher.request(lock, { below, mode, units, try: isTry });
    this.#requests.set(message, request);
    if (promise !== undefined) {
      request.owns(promise);
    }
    if (Object.isExtensible(message)) {
      message.run = (work) => request.run(work);
    }
  }

  #lockOf({
    lock,
    key,
    kind = 'mutex',
    name,
    capacity = 1,
    below = this.#lockOf,
  }: LockMessage): LockInstance | undefined {
    const description = { kind, capacity, name, below };
    return key === undefined
      ? (this.#watcher.lockOf(lock) ?? this.#watcher.know(lock, description))
      : (this.#watcher.keyedOf(lock) ?? this.#watcher.keyed(lock, description))?.lock(key);
  }

  #say(text: string): void {
    if (!this.#isSaid) {
      this.#isSaid = true;
      console.error(`lockdep: ${text}`);
    }
  }
}

const needsOwner = ({ promise, callback = false }: LockMessage): boolean => promise === undefined && !callback;

function problemOf(message: unknown): string | undefined {
  if (!isObject(message)) {
    return `expected an object, got ${shown(message)}`;
  }
  const { lock, kind = 'mutex', capacity = 1, key = '', name = 'name' } = message as Partial<LockMessage>;
  const known = LOCK_KINDS.get(kind);
  if (!isObject(lock)) {
    return `lock: expected the lock object, got ${shown(lock)}`;
  }
  if (known === undefined) {
    return `kind: expected one of ${[...LOCK_KINDS.keys()].join(', ')}, got ${shown(kind)}`;
  }
  if (!(capacity >= 1) || (capacity !== 1 && !known.counting)) {
    return `capacity: expected a whole number above 0, and 1 unless the kind counts, got ${shown(capacity)}`;
  }
  if (typeof key !== 'string' || typeof name !== 'string' || name === '') {
    return `name and key: expected texts, got ${shown(name)} and ${shown(key)}`;
  }
  return undefined;
}
