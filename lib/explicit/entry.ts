/**
 * What an explicit owner knows of a lock that it holds. Entries are used again, so that a known step allocates nothing.
 */
import type { Mode } from '../model/lock.ts';
import type { ChainNode } from '../state/chains.ts';
import type { LockClass, LockInstance } from '../state/classes.ts';
import type { Context } from '../state/contexts.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';

/** Proof of a pin: what is pinned can be unpinned by whoever has it. */
export interface Pin {
  readonly lock: LockInstance;
}

/** What few entries have. */
export interface Extra {
  readonly nest: LockInstance | null;
  /** What each of its locks keeps from interrupting. */
  readonly inhibits: readonly Context[];
  readonly pins: { readonly cookie: Pin; readonly site: RawSite }[];
}

export interface Entry extends HeldLock {
  lock: LockInstance;
  class: LockClass;
  mode: Mode;
  units: number;
  try: boolean;
  site: RawSite | null;
  chain: ChainNode;
  folded: LockInstance[] | undefined;
  isGuarded: boolean;
  /** Set where a release has more to do than to go one step back. */
  extra: Extra | null;
  /** When the hold began, by the clock of the profile; below 0 where holds are not timed. */
  since: number;
  /** True as long as nothing but the lock and its step can be told from any other entry: then it is used again as it is. */
  isPlain: boolean;
}

export function newExtra(nest: LockInstance | null = null, inhibits: readonly Context[] = []): Extra {
  return { nest, inhibits, pins: [] };
}

/** Takes one of the locks that are folded into one entry out of it. */
export function unfold(entry: Entry, lock: LockInstance): void {
  const rest = [entry.lock, ...(entry.folded ?? [])];
  rest.splice(rest.lastIndexOf(lock), 1);
  entry.lock = rest[0] as LockInstance;
  entry.folded = rest.slice(1);
}

/** What an acquire has to keep with its entry, if anything. */
export function extraFor(lock: LockInstance, nest: LockInstance | null): Extra | null {
  const { inhibits } = lock.class.traits;
  return nest === null && inhibits.length === 0 ? null : newExtra(nest, inhibits);
}

/** Makes an entry that was more than that a plain one. */
export function makePlain(entry: Entry): void {
  entry.mode = 'exclusive';
  entry.units = 1;
  entry.try = false;
  entry.site = null;
  entry.extra = null;
  entry.folded = undefined;
  entry.isGuarded = false;
  entry.isPlain = true;
}
