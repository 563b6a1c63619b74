/**
 * The door through which watched libraries come in. An adapter is one file: it gets a module's exports as the program is
 * about to see them, and gives back the exports that the program sees. It must change nothing that the program can notice.
 */
import type { FlowTracker } from '../owner/tracker.ts';
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';

/** Exports of a module by name; `default` for an ES module's default export. */
export type Exports = Record<string, unknown>;

export interface Adapter {
  /** The npm package that it watches. */
  readonly name: string;
  /** Major and minor versions that it was written for: from, inclusive, to, exclusive. */
  readonly versions: { readonly from: string; readonly below: string };
  /**
   * Called once for each copy of the library that the program loads.
   * @returns the exports to hand out: those it got, or replacements by name
   */
  watch(exports: Exports, watcher: Watcher): Exports;
}

/** A new lock as an adapter describes it. */
export interface NewLock {
  readonly kind: string;
  /** @default 1 */
  readonly capacity?: number;
  /** The adapter's own function that the program called: the creation site is the frame above it. */
  readonly below: unknown;
  /** The program's own constructor that the call came through, where it derives from the library's class. */
  readonly maker?: unknown;
}

/** What an adapter may do. */
export interface Watcher {
  readonly tracker: FlowTracker;
  /** A lock whose class is the place where the program made it; `undefined` for one that is not the program's business. */
  lock(description: NewLock): LockInstance | undefined;
  /** What `work` gives; if it fails the checker is off, and the program gets what it would have got without it. */
  orElse<Result>(unwatched: Result, work: () => Result): Result;
  /** Where the program called `below` from. */
  site(below: unknown): RawSite;
}

export function defineAdapter(adapter: Adapter): Adapter {
  return adapter;
}
