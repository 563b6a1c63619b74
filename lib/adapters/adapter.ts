/**
 * The door through which watched libraries come in. An adapter is one file: it gets a module's exports as the program is
 * about to see them, and gives back the exports that the program sees. It must change nothing that the program can notice.
 */
import type { FlowTracker } from '../owner/tracker.ts';
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { Call } from './calls.ts';
import type { KeyedLocks } from './keyed-locks.ts';
import type { Hearing } from './promised.ts';
import type { LockRequest, RequestDescription } from './request.ts';

/** Exports of a module by name; `default` for an ES module's default export. */
export type Exports = Record<string, unknown>;

export interface Adapter {
  /** The npm package that it watches. */
  readonly name: string;
  /** Versions that it was written for: from, inclusive, below, exclusive. */
  readonly versions: { readonly from: string; readonly below: string };
  /** Other modules of the package that programs load, such as `promise` for `mysql2/promise`. */
  readonly entries?: readonly string[];
  /**
   * Called once for each copy of the library that the program loads, and for each of its entries.
   * @returns the exports to hand out in place of the library's, by name; nothing where all stay, as where only prototypes are patched
   * @throws anything: the library is then left alone, and the report says so
   */
  watch(exports: Exports, watcher: Watcher): Exports | undefined;
  /**
   * Watches a lock that was made before, or is handed over by the program's own `watch(lock, name)`.
   * @returns what to use in its place, in most cases the lock itself; `undefined` for an object that is none of this library's
   */
  adopt?(lock: object, watcher: Watcher): object | undefined;
}

/** A new lock as an adapter describes it. */
export interface NewLock {
  /** A kind of lock by its name: `mutex`, `rwsem` for one with readers, `semaphore`, `limiter`, `pool`, or one of the checker's own. */
  readonly kind: string;
  /** Units there are to hold. @default 1 */
  readonly capacity?: number;
  /** The adapter's own function that the program called: the creation site is the frame above it. */
  readonly below: unknown;
  /** The program's own constructor that the call came through, where it derives from the library's class. */
  readonly maker?: unknown;
  /** What its class is called, where the library knows a name: else the class is the place where the lock is made. */
  readonly name?: string | undefined;
  /** Whether its holder may take it again without waiting. @default false */
  readonly reentrant?: boolean;
  /** Which of the locks of its class it stands for. Two locks for one key are a defect: see `split-key`. */
  readonly key?: string | undefined;
}

/** What an adapter may do. One for each checker. */
export interface Watcher {
  /** For the adapters of this package: what stands behind `request`. */
  readonly tracker: FlowTracker;
  /** A new lock; `undefined` for one that is not the program's business, such as one that a test runner makes for itself. */
  lock(description: NewLock): LockInstance | undefined;
  /** A new lock that stands for this object of the library. */
  know(object: object, description: NewLock): LockInstance | undefined;
  /** The lock that an object stands for. */
  lockOf(object: object): LockInstance | undefined;
  /** Says that another object stands for the same lock. */
  alias(object: object, lock: LockInstance): void;
  /** Locks by key, made as they are used; their classes are the patterns of the keys. */
  keyed(object: object, description: NewLock): KeyedLocks | undefined;
  /** Those that stand for this object. */
  keyedOf(object: object): KeyedLocks | undefined;
  /** The running flow asks for a lock. */
  request(lock: LockInstance, description: RequestDescription): LockRequest;
  /**
   * The lock was released by a call that names no acquire: that of the running flow, if it has one, else the oldest.
   * Where nobody holds it, that is `bad-release`.
   */
  released(lock: LockInstance, description: { readonly units?: number; readonly below: unknown }): void;
  /** Units come and go without owners from now on, as those of a counter do: who holds them says nothing. */
  disown(lock: LockInstance): void;
  /** Calls one of two functions when a promise of the program has settled, before the program goes on, and changes nothing for it. */
  hear(promise: unknown, hearing: Hearing): void;
  /** A callback that is called later, in whoever's context: it goes on as the running flow. */
  bound<Callback extends Call>(callback: Callback): Callback;
  /** Where the program called `below` from. */
  site(below: unknown): RawSite;
  /** What `work` gives; if it fails the checker is off, and the program gets what it would have got without it. */
  orElse<Result>(unwatched: Result, work: () => Result): Result;
  /** Does something to a prototype, or another object that outlives the call, once. */
  once(target: object, work: () => void): void;
}

/** Says that an object is an adapter. */
export function defineAdapter<Kind extends Adapter>(adapter: Kind): Kind {
  return adapter;
}

/** Something of the runtime that publishes what it does. */
export interface BuiltinAdapter {
  readonly name: string;
  /** Begins to listen. @param seen to be called at the first event: until then nothing costs anything */
  attach(watcher: Watcher, seen: () => void): void;
  /** As that of an adapter. */
  adopt?(lock: object, watcher: Watcher): object | undefined;
}
