/**
 * Lock kinds are data: a new kind is a new row, and no rule changes.
 */

/**
 * How a lock makes its owner wait, from what may be done everywhere to what may be done in a task alone. `config` spins,
 * and sleeps on a real-time kernel. `unchecked` takes no part: it neither limits nor is limited.
 */
export type WaitType = 'unchecked' | 'free' | 'spin' | 'config' | 'sleep';

/**
 * What the readers of a kind are. `plain`: a waiting writer stops them. `interrupt`: plain, but recursive in an interrupt, and where
 * asked for. `as-asked`: plain or recursive, as each acquire says. `always`: every acquire is a recursive reader.
 */
export type ReaderRule = 'none' | 'plain' | 'interrupt' | 'as-asked' | 'always';

/** What the checker has to know of a kind of lock. */
export interface LockKind {
  readonly name: string;
  /** True for a resource with several equal units: a semaphore, a connection pool, a concurrency limiter. */
  readonly counting: boolean;
  readonly readers: ReaderRule;
  /** What its holder may do: nothing that waits in a stronger way than this. */
  readonly inner: WaitType;
  /** Where it may be taken: not where only weaker waits are allowed. */
  readonly outer: WaitType;
  /**
   * `checked`: marked and searched. `local`: marked, but no search of interrupt rules stops at it or goes through it, since each
   * CPU has its own. `none`: not marked.
   */
  readonly irq: 'checked' | 'local' | 'none';
  /** False for a kind that takes no part in orders. */
  readonly ordered: boolean;
  /** True where an exclusive holder keeps all other owners out, so that it can be the gate of a cycle. */
  readonly excludes: boolean;
  /** True where its holder may take it again without waiting. */
  readonly reentrant: boolean;
  /** True where its inner wait type replaces what was forbidden so far, instead of adding to it. */
  readonly overridesWait: boolean;
}

/** What a kind of one's own has to say; the rest is that of a mutex. */
export type KindDefinition = Partial<LockKind> & Pick<LockKind, 'name'>;

const MUTEX: Omit<LockKind, 'name'> = {
  counting: false,
  readers: 'none',
  inner: 'sleep',
  outer: 'sleep',
  irq: 'checked',
  ordered: true,
  excludes: true,
  reentrant: false,
  overridesWait: false,
};

/** A kind from what is said of it: outer is inner where it is not given. */
export function kindOf(definition: KindDefinition): LockKind {
  const { inner = MUTEX.inner } = definition;
  return Object.freeze({ ...MUTEX, inner, outer: inner, ...definition });
}

const PSEUDO = { inner: 'unchecked', excludes: false } as const;
const RCU = { readers: 'always', irq: 'none', ordered: false, excludes: false } as const;

const KINDS: readonly KindDefinition[] = [
  { name: 'mutex' },
  { name: 'rtmutex' },
  { name: 'ww_mutex' },
  { name: 'spin', inner: 'config' },
  { name: 'raw_spin', inner: 'spin' },
  { name: 'rwlock', inner: 'config', readers: 'interrupt' },
  { name: 'rwsem', readers: 'plain' },
  { name: 'local_lock', inner: 'config', irq: 'local', excludes: false },
  { name: 'rcu', ...RCU, inner: 'config', outer: 'free' },
  { name: 'rcu_bh', ...RCU, inner: 'config', outer: 'free' },
  { name: 'rcu_sched', ...RCU, inner: 'spin', outer: 'free' },
  { name: 'map', ...PSEUDO, readers: 'as-asked' },
  { name: 'event', ...PSEUDO, irq: 'none' },
  { name: 'semaphore', counting: true },
  { name: 'limiter', counting: true },
  { name: 'pool', counting: true },
];

/** The kinds that are known by name. */
export const LOCK_KINDS: ReadonlyMap<string, LockKind> = new Map(KINDS.map((kind) => [kind.name, kindOf(kind)]));
