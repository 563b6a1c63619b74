/**
 * What is found of locks that threads contend for: a holder that has ended, one that does not run, and a waiter that others pass.
 */
import type { ViolationBase } from './evidence.ts';
import type { ClassRef, Site } from './lock.ts';

/** An owner of some thread, and where it took the lock. */
export interface ThreadHolder {
  /** Name of the thread. */
  readonly thread: string;
  readonly owner: string;
  readonly site: Site | null;
}

/** A thread, or a process, ended while it held a lock. */
export interface OwnerDiedViolation extends ViolationBase {
  readonly rule: 'owner-died';
  readonly lock: ClassRef;
  /** Who ended, and where it had taken the lock. */
  readonly dead: ThreadHolder;
  /** `exclusive`: what the lock protects may be half-written. `shared`: it was only read, and the share was given back. */
  readonly mode: 'exclusive' | 'shared';
  /** How many waited for the lock when that was found, the one who found it among them; 0 where it only asked. */
  readonly waiters: number;
  /** Where the one who found it asked for the lock. */
  readonly asked: Site | null;
}

/** A thread waits for one of lower priority that holds a lock and does not run. */
export interface PriorityInversionViolation extends ViolationBase {
  readonly rule: 'priority-inversion';
  readonly lock: ClassRef;
  readonly asked: Site | null;
  /** Milliseconds that it waited, as far as was seen. */
  readonly ms: number;
  /** How often it looked at the lock meanwhile. */
  readonly spins: number;
  /** True where the wait keeps a CPU busy, which the holder may need. */
  readonly isSpinning: boolean;
  /** The declared priority of who waits; the greater the more urgent. */
  readonly priority: number;
  readonly holder: ThreadHolder & { readonly priority: number };
  /** `descheduled`: the operating system says that the holder got no CPU time. `no-progress`: only that it did not go on. */
  readonly evidence: 'descheduled' | 'no-progress';
  /** Milliseconds of CPU time that the holder got meanwhile, `null` where that is not known. */
  readonly cpuMs: number | null;
}

/** An owner waits for a lock that others take again and again. */
export interface StarvationViolation extends ViolationBase {
  readonly rule: 'starvation';
  readonly lock: ClassRef;
  readonly asked: Site | null;
  /** Milliseconds that it waited, as far as was seen. */
  readonly ms: number;
  /** How often others got the lock meanwhile. */
  readonly passed: number;
  /** Who held it when that was seen, where somebody did. */
  readonly holder: ThreadHolder | null;
}
