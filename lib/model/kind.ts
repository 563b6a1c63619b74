/**
 * Lock kinds are data: a new kind is a new row, and no rule changes.
 */

/** What the checker has to know of a kind of lock. */
export interface LockKind {
  readonly name: string;
  /** True for a resource with several equal units: a semaphore, a connection pool, a concurrency limiter. */
  readonly counting: boolean;
  /** What its readers are: there are none, or a waiting writer stops them, or it never does. */
  readonly readers: 'none' | 'plain' | 'recursive';
}

const exclusive = (name: string): LockKind => ({ name, counting: false, readers: 'none' });
const counting = (name: string): LockKind => ({ name, counting: true, readers: 'none' });

/** The kinds that are known by name. */
export const LOCK_KINDS: ReadonlyMap<string, LockKind> = new Map(
  [
    exclusive('mutex'),
    exclusive('rtmutex'),
    exclusive('spin'),
    exclusive('raw_spin'),
    { name: 'rwlock', counting: false, readers: 'plain' },
    { name: 'rwsem', counting: false, readers: 'plain' },
    counting('semaphore'),
    counting('limiter'),
  ].map((kind) => [kind.name, kind as LockKind]),
);
