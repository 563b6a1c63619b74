/**
 * Lock events that a library publishes by itself, over `node:diagnostics_channel`, without depending on this package:
 * docs/adapters.md has the three lines that it adds. A message is an object that stands for one request from its first
 * event to its last; what is wrong with it is said once, and passed over.
 */
import { LOCK_KINDS } from '../model/kind.ts';
import type { Mode } from '../model/lock.ts';
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
  readonly mode?: Mode;
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

const MODES: readonly Mode[] = ['exclusive', 'shared', 'recursive-shared'];
const EVENTS = ['request', 'granted', 'released', 'cancelled'] as const;
type Event = (typeof EVENTS)[number];

export const channels: BuiltinAdapter = {
  name: 'node:diagnostics_channel',
  attach(watcher, seen) {
    const { subscribe, channel } = builtin('node:diagnostics_channel') ?? {};
    let published: Published | undefined;
    for (const event of EVENTS) {
      subscribe?.(`lockdep:${event}`, (message) => {
        published ??= new Published(watcher, { seen, publish: channel?.('lockdep:request').publish });
        watcher.orElse(undefined, () => published?.take(event, message));
      });
    }
  },
};

/** So many different defects of messages are told. */
const MOST_SAID = 20;

class Published {
  readonly #watcher: Watcher;
  readonly #requests = new WeakMap<object, LockRequest>();
  readonly #seen: () => void;
  readonly #publish: unknown;
  readonly #said = new Set<string>();

  /** @param publish the function that the library calls */
  constructor(watcher: Watcher, { seen, publish }: { seen: () => void; publish: unknown }) {
    this.#watcher = watcher;
    this.#seen = seen;
    this.#publish = publish;
  }

  take(event: Event, message: unknown): void {
    const problem = this.#problemOf(event, message);
    if (problem !== undefined) {
      this.#say(`lockdep:${event}: ${problem}`);
      return;
    }
    this.#seen();
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
    try {
      message.run = (work) => request.run(work);
    } catch {
      // It does not take anything.
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

  #problemOf(event: Event, message: unknown): string | undefined {
    try {
      return problemOf(message) ?? this.#outOfTurn(event, message as object);
    } catch (error) {
      return `the message cannot be read: ${shown(error)}`;
    }
  }

  #outOfTurn(event: Event, message: object): string | undefined {
    const state = this.#requests.get(message)?.state;
    if (event === 'request') {
      return state === 'waiting' || state === 'held' ? 'each request needs a message of its own' : undefined;
    }
    return event === 'released' && state === 'waiting' ? 'released before it was granted' : undefined;
  }

  #say(text: string): void {
    if (!this.#said.has(text) && this.#said.size < MOST_SAID) {
      this.#said.add(text);
      console.error(`lockdep: ${text}`);
    }
  }
}

const isCount = (value: unknown): boolean =>
  typeof value === 'number' && value >= 1 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY);

const needsOwner = ({ promise, callback = false }: LockMessage): boolean => promise === undefined && !callback;

function problemOf(message: unknown): string | undefined {
  if (!isObject(message)) {
    return `expected an object, got ${shown(message)}`;
  }
  const {
    lock,
    kind = 'mutex',
    capacity = 1,
    units = 1,
    key = '',
    name = 'name',
    mode = 'exclusive',
  } = message as Partial<LockMessage>;
  const known = LOCK_KINDS.get(kind);
  if (!isObject(lock)) {
    return `lock: expected the lock object, got ${shown(lock)}`;
  }
  if (known === undefined) {
    return `kind: expected one of ${[...LOCK_KINDS.keys()].join(', ')}, got ${shown(kind)}`;
  }
  if (!isCount(capacity) || (capacity !== 1 && !known.counting)) {
    return `capacity: expected a whole number above 0, and 1 unless the kind counts, got ${shown(capacity)}`;
  }
  if (!isCount(units)) {
    return `units: expected a whole number above 0, got ${shown(units)}`;
  }
  if (!MODES.includes(mode)) {
    return `mode: expected one of ${MODES.join(', ')}, got ${shown(mode)}`;
  }
  if (typeof key !== 'string' || typeof name !== 'string' || name === '') {
    return `name and key: expected texts, got ${shown(name)} and ${shown(key)}`;
  }
  return undefined;
}
