/**
 * What async-lock does inside, as far as its adapter has to know: the fields of a lock, keys, and how it hands on what a function
 * under a lock gives.
 */
import { has, push } from '../owner/context.ts';
import { link } from '../owner/links.ts';
import { flowHooks } from '../owner/promise-hooks.ts';
import type { Context, Ticket } from '../owner/ticket.ts';
import type { RawSite } from '../state/site.ts';
import type { Watcher } from './adapter.ts';
import { attach, type Call, isObject, likeOriginal, whenOver } from './calls.ts';

type Settle = (value: unknown) => void;
type Executor = (resolve: Settle, reject: Settle) => void;
export type Key = string | symbol;

/** Times after which a wait, or a hold, ends by itself: of a lock, or of one call. */
export interface Times {
  readonly timeout?: unknown;
  readonly maxOccupationTime?: unknown;
  readonly maxExecutionTime?: unknown;
}

export interface Lock extends Times {
  Promise: new (executor: Executor) => object;
  /** Who waits for each key; nothing for a key that is free. */
  readonly queues: Readonly<Record<Key, readonly unknown[] | undefined>>;
  readonly domainReentrant?: unknown;
  /** The domain that holds each key, where that may take it again. */
  readonly domains?: Readonly<Record<Key, unknown>>;
}

/** The prototype that has the methods of a lock, if this is one. */
export function prototypeOf(lock: object): object | undefined {
  const value = (name: string): unknown => Object.getOwnPropertyDescriptor(lock, name)?.value;
  const queues = value('queues');
  const isLock =
    isObject(queues) &&
    Object.getPrototypeOf(queues) === null &&
    typeof value('Promise') === 'function' &&
    typeof value('timeout') === 'number';
  for (let at: object | null = isLock ? lock : null; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.hasOwn(at, '_acquireBatch') && Object.hasOwn(at, 'acquire')) {
      return at;
    }
  }
  return undefined;
}

/** A list of keys that is being taken. */
export interface Batch {
  /** Where the program asked. */
  readonly site: RawSite;
  /** What runs under all of them. */
  readonly fn: unknown;
  /** The list that this one is a part of. */
  readonly outer: Batch | undefined;
  /** The requests of its first key, and of the one that was asked for last. */
  first?: Ticket;
  latest?: Ticket;
}

/** The list that a function goes on with; `undefined` where it is one of the program. */
export function nextOf(batch: Batch | undefined, fn: unknown): Batch | undefined {
  return batch?.fn === fn ? batch?.outer : batch;
}

export function note(batch: Batch | undefined, ticket: Ticket): void {
  if (batch !== undefined) {
    batch.first ??= ticket;
    batch.latest = ticket;
  }
}

/** The holder of one key of a list gives it back when the request of the next one is over. */
export function waitFor(holder: Ticket, next: Ticket): void {
  const end = {};
  link(end).seen = [next];
  holder.work = end;
}

/** What the flow that asked goes on with: what it had, and what it has seen happen, by itself and with those who call it back. */
export function contextAfter(asked: Context | null, ticket: Ticket): Context {
  let after = push(asked, ticket, false);
  for (let at = flowHooks.context; at !== null; at = at.up) {
    if (at.ticket !== null && at.ticket.undecided > 0 && !has(after, at.ticket)) {
      after = push(after, at.ticket, false);
    }
  }
  return after;
}

/** What the library makes of a key: two objects with the same text are one key. Nothing where the key does not tell. */
export function nameOf(key: unknown): Key | undefined {
  if (!isObject(key)) {
    return typeof key === 'symbol' ? key : String(key);
  }
  try {
    return Reflect.ownKeys({ [key as unknown as string]: true })[0] as Key;
  } catch {
    return undefined;
  }
}

/** True where the library calls the function at once, since its domain has the lock. */
export function isRetaken({ domainReentrant, queues, domains }: Lock, name: Key): boolean {
  const { process } = globalThis as { process?: { domain?: unknown } };
  const domain = domainReentrant ? process?.domain : undefined;
  return Boolean(domain) && queues[name] !== undefined && domains?.[name] === domain;
}

/** The library gives the lock to the next one while the work goes on. */
export function isTakenAway(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Maximum execution time is exceeded ');
}

/** The library takes a promise of the lock's own class as it is; a promise of that class adopts what is none. */
export function whenEnded(fn: () => unknown, { Promise: Own }: Lock, end: (evidence?: unknown) => void): unknown {
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    end();
    throw error;
  }
  if ((Own as unknown) === Promise || !isObject(result) || result.constructor !== Own) {
    return whenOver(result, end);
  }
  const over = (): void => end(result);
  attach(result, over, over);
  return result;
}

/** Calls a function that says by its `done` that it is over, or by throwing before that. */
export function untilDone(fn: Call, done: Call, end: () => void): void {
  const over = likeOriginal(function (this: object, ...results: unknown[]) {
    end();
    return done.apply(this, results);
  }, done);
  try {
    (fn as (done: Call) => unknown)(over);
  } catch (error) {
    end();
    throw error;
  }
}

/** A call that gives a promise. */
interface Asking {
  readonly call: () => unknown;
  /** Called with what the library rejects the promise with. */
  readonly rejected: (error: unknown) => void;
}

/**
 * Hears a rejection without being one who handles it. The library makes the promise before anything else, with the class that the
 * lock names: nobody else sees what stands in for that until then.
 */
export function listen(watcher: Watcher, lock: Lock, { call, rejected }: Asking): unknown {
  const { Promise: Given } = lock;
  if (typeof Given !== 'function' || Object.getOwnPropertyDescriptor(lock, 'Promise')?.writable !== true) {
    const promise = call();
    watcher.hear(promise, { fulfilled: () => {}, rejected });
    return promise;
  }
  function Heard(executor: Executor): object {
    lock.Promise = Given;
    return new Given((resolve, reject) =>
      executor(resolve, (error) => {
        rejected(error);
        reject(error);
      }),
    );
  }
  const standIn = Heard as unknown as Lock['Promise'];
  lock.Promise = standIn;
  try {
    return call();
  } finally {
    if (lock.Promise === standIn) {
      lock.Promise = Given;
    }
  }
}
