/**
 * What several specs of explicit owners share.
 */
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import type { LockOptions } from '../../lib/options.ts';
import type { Owner } from '../../lib/owner.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { locks } from '../state/world.ts';

/** The rules of the findings of a checker. */
export const rules = (ld: Lockdep): string[] => ld.violations.map(({ rule }) => rule);

/** The findings of a checker, each as `rule: message`. */
export const messages = (ld: Lockdep): string[] => ld.violations.map(({ rule, message }) => `${rule}: ${message}`);

/** A checker with two owners. */
export interface Cast {
  readonly ld: Lockdep;
  readonly p: Owner;
  readonly q: Owner;
}

export function castOf(ld: Lockdep): Cast {
  return { ld, p: ld.owner('p'), q: ld.owner('q') };
}

/** With three locks of one class, a guard for them, and a lock of another class. */
export interface Family extends Cast {
  readonly guard: LockInstance;
  readonly other: LockInstance;
  readonly own: [LockInstance, LockInstance, LockInstance];
}

/** The options are those of the three. */
export function family(options: LockOptions = {}, profile: 'default' | 'kernel' = 'default'): Family {
  const ld = createLockdep({ profile });
  const [guard, other] = locks(ld, ['guard', 'other']);
  const own = [1, 2, 3].map((data) => ld.lock('node', { ...options, data })) as Family['own'];
  return { ...castOf(ld), guard, other, own };
}

/** Takes two locks of the class under the guard, and gives all back. */
export function guarded({ p, guard, own: [one, two] }: Family): void {
  p.acquire(guard);
  p.acquire(one, { nest: guard });
  p.acquire(two, { nest: guard });
  p.release(two);
  p.release(one);
  p.release(guard);
}

/** A change of the contexts that an owner is in. */
export type Step =
  | 'hardirqEnter'
  | 'hardirqExit'
  | 'hardirqDisable'
  | 'hardirqEnable'
  | 'softirqEnter'
  | 'softirqExit'
  | 'softirqDisable'
  | 'softirqEnable';

export function run(owner: Owner, steps: readonly Step[]): void {
  for (const step of steps) owner[step]();
}

function holds(claim: () => void): boolean {
  try {
    claim();
    return true;
  } catch {
    return false;
  }
}

/** What an owner of a checker with the `throw` policy is in, and what it has disabled, as words. */
export function stateOf(owner: Owner): string {
  const words = ['hardirq', 'softirq'].flatMap((context) => [
    holds(() => owner.assertInContext(context)) ? `in ${context}` : [],
    holds(() => owner.assertDisabled(context)) ? `no ${context}` : [],
  ]);
  return words.flat().join(', ');
}
