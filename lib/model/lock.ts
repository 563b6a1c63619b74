/**
 * The words for locks. Types and names only.
 */

/** How a lock is held or wanted. A plain reader is `shared`; a reader that no waiting writer stops is `recursive-shared`. */
export type Mode = 'exclusive' | 'shared' | 'recursive-shared';

/**
 * A place in the source: where a lock was created, asked for or taken.
 * `file` is relative to the project root where it lies below it, with forward slashes.
 */
export interface Site {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Name of the function that the call stands in, where the runtime knew it. */
  readonly function?: string;
  /** The source line itself, trimmed, where it could be read. */
  readonly text?: string;
}

/** A lock class as data: what all instances that obey the same rules have in common. */
export interface ClassRef {
  /** Identity that is stable over runs, processes and machines: a declared name, or name and file of the creation site. */
  readonly key: string;
  /** What a person calls it. Need not be unique. */
  readonly name: string;
  /** Name of the lock kind, such as `mutex` or `semaphore`. */
  readonly kind: string;
  /** How many units there are to hold: 1 for a mutex, N for a counting resource. */
  readonly capacity: number;
  /** Where the first instance was created; absent for a class that was declared by name alone. */
  readonly site?: Site;
}

/**
 * The kind of a dependency A → B. Left letter, how A is held: Exclusive or Shared. Right letter, how B is wanted:
 * N (a writer or a plain reader, which a reader blocks) or R (a recursive reader, which only a writer blocks).
 */
export type DependencyKind = 'EN' | 'ER' | 'SN' | 'SR';
