/**
 * A log in memory for several checkers of one process, and checkers that share one.
 */
import type { PeerLog } from '../../lib/exchange.ts';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import type { LockdepOptions, LockOptions } from '../../lib/options.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { nest } from '../state/world.ts';

export class MemoryLog implements PeerLog {
  readonly records: string[] = [];
  /** How many records fit. */
  limit: number = Number.POSITIVE_INFINITY;
  /** Called before a record is added. */
  before: (record: string) => void = () => {};

  get end(): number {
    return this.records.length;
  }

  append(record: string): number {
    this.before(record);
    return this.records.length < this.limit ? this.records.push(record) - 1 : -1;
  }

  read(from: number, to: number, visit: (record: string, position: number) => void): number {
    for (let at = from; at < to; at++) visit(this.records[at] as string, at);
    return to;
  }
}

/** Places are not what is tested here, and one process stands for each checker. */
export function checker(name: string, log: PeerLog | null, options: LockdepOptions = {}): Lockdep {
  const ld = createLockdep({ process: name, resolver: () => null, now: () => 0, ...options });
  if (log !== null) ld.join(log);
  return ld;
}

/** Checkers `t0`, `t1` and so on, that share a log. */
export function checkers(count: number, options: LockdepOptions = {}): { log: MemoryLog; all: Lockdep[] } {
  const log = new MemoryLog();
  return { log, all: Array.from({ length: count }, (_, at) => checker(`t${at}`, log, options)) };
}

const made = new WeakMap<Lockdep, Map<string, LockInstance>>();

/** The one lock of this name that a checker has; all checkers share it. */
export function shared(ld: Lockdep, name: string, options: LockOptions = {}): LockInstance {
  const known = made.get(ld) ?? new Map<string, LockInstance>();
  made.set(ld, known);
  const lock = known.get(name) ?? ld.lock(name, options);
  lock.identity = name;
  known.set(name, lock);
  return lock;
}

/** The same, of a lock that each checker has its own of. */
export function own(ld: Lockdep, name: string, options: LockOptions = {}): LockInstance {
  const lock = shared(ld, name, options);
  lock.identity = null;
  return lock;
}

/** An owner takes the shared locks with these names, one inside the other. */
export function goes(ld: Lockdep, names: string, owner = 'p'): void {
  nest(
    ld.owner(owner),
    [...names].map((name) => shared(ld, name)),
  );
}

/** What a checker found, each as `rule confidence ×count`, its own after what others told. */
export function heard(ld: Lockdep): string[] {
  return ld.peerViolations.map(({ rule, confidence }) => `${rule} ${confidence}`);
}
