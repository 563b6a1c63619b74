/**
 * What stands behind all adapters of one checker: which object of a library stands for which lock, and the requests.
 */
import type { Lockdep } from '../lockdep.ts';
import type { FlowTracker } from '../owner/tracker.ts';
import type { ClassIdentity, LockInstance } from '../state/classes.ts';
import { captureSite, type RawSite } from '../state/site.ts';
import type { NewLock, Watcher } from './adapter.ts';
import { bound } from './bound.ts';
import type { Call } from './calls.ts';
import type { KeyPattern } from './key-pattern.ts';
import { KeyedLocks } from './keyed-locks.ts';
import { type Hearing, hear } from './promised.ts';
import { LockRequest, type RequestDescription } from './request.ts';

/** What tells the class of a new lock from others. */
export interface Origin {
  readonly key: string;
  readonly identity: () => ClassIdentity;
}

export interface WatcherOptions {
  /** The class of a lock that has no name; `undefined` where it is not the program's business. */
  readonly origin: (description: NewLock) => Origin | undefined;
  readonly patterns?: readonly KeyPattern[];
}

export class LibraryWatcher implements Watcher {
  readonly tracker: FlowTracker;
  readonly #lockdep: Lockdep;
  readonly #options: WatcherOptions;
  readonly #locks = new WeakMap<object, LockInstance>();
  readonly #keyed = new WeakMap<object, KeyedLocks>();
  readonly #done = new WeakSet<object>();
  /** What the program calls the lock that is being adopted. */
  #given: { readonly name: string; readonly key: string | undefined } | undefined;

  constructor(lockdep: Lockdep, tracker: FlowTracker, options: WatcherOptions) {
    this.#lockdep = lockdep;
    this.tracker = tracker;
    this.#options = options;
  }

  lock(description: NewLock): LockInstance | undefined {
    const origin = this.#originOf(description);
    return origin && this.#make(origin, description);
  }

  know(object: object, description: NewLock): LockInstance | undefined {
    const lock = this.lock(description);
    if (lock !== undefined) {
      this.#locks.set(object, lock);
    }
    return lock;
  }

  lockOf(object: object): LockInstance | undefined {
    return this.#locks.get(object);
  }

  alias(object: object, lock: LockInstance): void {
    this.#locks.set(object, lock);
  }

  keyed(object: object, description: NewLock): KeyedLocks | undefined {
    const origin = this.#originOf(description);
    if (origin === undefined) {
      return undefined;
    }
    const made = new KeyedLocks({
      patterns: this.#options.patterns ?? [],
      make: (pattern, key) => this.#make(originOfPattern(origin, pattern), { ...description, key }, pattern),
      isInUse: (lock) => this.tracker.isInUse(lock),
      tooMany: () => this.#note(TOO_MANY_KEYS),
    });
    this.#keyed.set(object, made);
    return made;
  }

  keyedOf(object: object): KeyedLocks | undefined {
    return this.#keyed.get(object);
  }

  request(lock: LockInstance, description: RequestDescription): LockRequest {
    return new LockRequest(this.tracker, lock, description);
  }

  released(lock: LockInstance, { units = 1, below }: { readonly units?: number; readonly below: unknown }): void {
    this.tracker.releasedUnnamed(lock, units, captureSite(below));
  }

  disown(lock: LockInstance): void {
    this.tracker.disown(lock);
  }

  hear(promise: unknown, hearing: Hearing): void {
    hear(this.tracker, promise, hearing);
  }

  bound<Callback extends Call>(callback: Callback): Callback {
    return bound(callback);
  }

  site(below: unknown): RawSite {
    return captureSite(below);
  }

  orElse<Result>(unwatched: Result, work: () => Result): Result {
    return this.#lockdep.guarded(work) ?? unwatched;
  }

  once(target: object, work: () => void): void {
    if (!this.#done.has(target)) {
      this.#done.add(target);
      work();
    }
  }

  /** The locks that are made meanwhile have a name. */
  naming<Result>(name: string, key: string | undefined, work: () => Result): Result {
    const before = this.#given;
    this.#given = { name, key };
    try {
      return work();
    } finally {
      this.#given = before;
    }
  }

  /** Gives a lock the name that the program has for it. @throws Error where it is in use under another one */
  rename(lock: LockInstance, name: string, key: string | undefined): void {
    const before = lock.class;
    const isNew = before.ref.key !== name;
    if ((isNew || (key ?? lock.key) !== lock.key) && this.tracker.isInUse(lock)) {
      throw new Error(`lock: it is in use, and known as '${lock.name}': name it before it is used`);
    }
    if (isNew) {
      lock.class = this.#lockdep.classNamed(name, before);
      before.instances--;
      this.#lockdep.state.classes.join(lock.class);
    }
    lock.key = key ?? lock.key;
  }

  #make(
    { key, identity }: Origin,
    { kind, capacity = 1, reentrant, key: of }: NewLock,
    how?: KeyPattern,
  ): LockInstance {
    const lock = this.#lockdep.lockOf(
      { key, identity },
      {
        kind,
        ...(capacity === 1 ? {} : { capacity }),
        ...(reentrant === undefined ? {} : { reentrant }),
        ...(how === undefined ? {} : { data: of }),
        ...(how?.sorted === true ? { compare: BY_KEY } : {}),
      },
    );
    // Of the locks of a keyed object there is never a second one for a key; another object may have one of its own.
    lock.key = how === undefined ? (this.#given?.key ?? of ?? null) : null;
    return lock;
  }

  #originOf(description: NewLock): Origin | undefined {
    const name = this.#given?.name ?? description.name;
    if (name === undefined) {
      return this.#options.origin(description);
    }
    // Names that libraries give must not collide with those of other kinds of locks.
    const key = this.#given === undefined ? `${description.kind} ${name}` : name;
    return { key, identity: () => ({ key, name }) };
  }

  #note(text: string): void {
    const { notes } = this.#lockdep;
    if (!notes.includes(text)) {
      notes.push(text);
    }
  }
}

const TOO_MANY_KEYS =
  'Some locks are taken by so many different keys that each further one counts for all: give their patterns (keys) to tell them apart.';

/** The order of keys where the code is said to sort them. */
function BY_KEY(held: LockInstance, wanted: LockInstance): number {
  const [one, other] = [String(held.data), String(wanted.data)];
  return one === other ? 0 : one < other ? -1 : 1;
}

function originOfPattern({ key, identity }: Origin, { pattern }: KeyPattern): Origin {
  return {
    key: `${key} [${pattern}]`,
    identity: () => {
      const all = identity();
      return { ...all, key: `${all.key} [${pattern}]`, name: `${all.name}[${pattern}]` };
    },
  };
}
