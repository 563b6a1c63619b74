/**
 * The locks of an object that has one for each key. A key's lock is made when it is first used, and remembered while it is in
 * use and for some time after: the order of two keys is that of all their uses.
 */
import type { LockInstance } from '../state/classes.ts';
import { type KeyPattern, patternOf, textOf } from './key-pattern.ts';

export interface KeyedSource {
  /** A new lock of the class of this pattern. */
  make(pattern: KeyPattern, key: string): LockInstance;
  /** Whether anybody waits for a lock, or holds it. */
  isInUse(lock: LockInstance): boolean;
  /** Patterns that the user has given. */
  readonly patterns: readonly KeyPattern[];
  /** Called once, when there are so many different keys that they are no names. */
  tooMany(): void;
}

/** Of so many idle keys the order is remembered. */
const REMEMBERED = 10_000;
/** No idle key is remembered beyond this many, however often it is asked for. */
const MOST = 2 * REMEMBERED;
/** So many patterns made from keys are classes of their own; more than that are values. */
const NAMED = 100;
/** For each key that is new so many old ones are looked at: two, so that it becomes fewer again after many were in use at once. */
const LOOKED_AT = 2;

export class KeyedLocks {
  readonly #source: KeyedSource;
  /** By key; the one that is looked at next, as to whether it can be forgotten, comes first. */
  readonly #locks = new Map<unknown, LockInstance>();
  /** Goes on where it was: to begin anew would be to pass over all that were deleted. */
  #oldest = this.#locks.entries();
  /** Keys that were asked for since they were looked at. */
  readonly #asked = new Set<unknown>();
  readonly #named = new Set<string>();
  #isTold = false;

  constructor(source: KeyedSource) {
    this.#source = source;
  }

  /** The lock of a key. */
  lock(key: unknown): LockInstance {
    const known = this.#locks.get(key);
    if (known !== undefined) {
      this.#asked.add(key);
      return known;
    }
    const text = textOf(key);
    const made = this.#source.make(this.#patternOf(text), text);
    for (let at = 0; at < LOOKED_AT && this.#locks.size >= REMEMBERED; at++) {
      this.#lookAtOldest();
    }
    this.#locks.set(key, made);
    return made;
  }

  /** The locks that were used lately. */
  get all(): Iterable<readonly [unknown, LockInstance]> {
    return this.#locks;
  }

  #patternOf(text: string): KeyPattern {
    const found = patternOf(text, this.#source.patterns);
    if (this.#source.patterns.includes(found) || this.#named.has(found.pattern)) {
      return found;
    }
    if (this.#named.size < NAMED) {
      this.#named.add(found.pattern);
      return found;
    }
    if (!this.#isTold) {
      this.#isTold = true;
      this.#source.tooMany();
    }
    return { pattern: '*' };
  }

  // One that is in use, or was since the last time, goes to the end.
  #lookAtOldest(): void {
    const { value } = this.#oldest.next();
    if (value === undefined) {
      this.#oldest = this.#locks.entries();
      return;
    }
    const [key, lock] = value;
    this.#locks.delete(key);
    const wasAsked = this.#asked.delete(key) && this.#locks.size < MOST - 1;
    if (wasAsked || this.#source.isInUse(lock)) {
      this.#locks.set(key, lock);
    }
  }
}
