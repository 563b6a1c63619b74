/**
 * Locks under a checker of their own, and flows that take them.
 */
import { DeadlockError, type Guard, KeyedMutex, Mutex, RwLock, Semaphore } from '../../../lib/index.ts';
import { createLockdep, type Lockdep } from '../../../lib/lockdep.ts';
import type { LockdepOptions } from '../../../lib/options.ts';
import { deferred } from './words.ts';

export interface CheckedWorld {
  readonly ld: Lockdep;
  readonly a: Mutex;
  readonly b: Mutex;
  readonly c: Mutex;
  readonly rw: RwLock;
  readonly pool: Semaphore;
  readonly keyed: KeyedMutex<string>;
}

export function checkedWorld(options: LockdepOptions = {}): CheckedWorld {
  const lockdep = createLockdep(options);
  const made = { lockdep };
  return {
    ld: lockdep,
    a: new Mutex('a', made),
    b: new Mutex('b', made),
    c: new Mutex('c', made),
    rw: new RwLock('rw', made),
    pool: new Semaphore('pool', { lockdep, capacity: 2 }),
    keyed: new KeyedMutex<string>('keyed', made),
  };
}

/** The findings, each as `rule confidence`, in their order. */
export const found = (ld: Lockdep): string[] => ld.violations.map(({ rule, confidence }) => `${rule} ${confidence}`);

/** The rules that were broken, each once. */
export const broken = (ld: Lockdep): string[] => [...new Set(ld.violations.map(({ rule }) => rule))].sort();

/** Ways to hold some mutexes, each taken while those before are held. */
export const WAYS: readonly (readonly [name: string, nest: (...locks: readonly Mutex[]) => Promise<void>])[] = [
  ['acquire()', byAcquire],
  ['run()', byRun],
  ['using', byUsing],
];

async function byAcquire(...locks: readonly Mutex[]): Promise<void> {
  const guards: Guard[] = [];
  for (const lock of locks) {
    guards.push(await lock.acquire());
  }
  for (const guard of guards.toReversed()) {
    guard.release();
  }
}

async function byRun(...[first, ...rest]: readonly Mutex[]): Promise<void> {
  await first?.run(() => byRun(...rest));
}

async function byUsing(...[first, ...rest]: readonly Mutex[]): Promise<void> {
  if (first !== undefined) {
    using _guard = await first.acquire();
    await byUsing(...rest);
  }
}

/** Two flows, each with one lock, that then ask for that of the other: one after the other, in this order. */
export async function crosswise(a: Mutex, b: Mutex): Promise<readonly [Promise<string>, Promise<string>]> {
  const [both, first] = [deferred(), deferred()];
  let arrived = 0;
  const flow = async (own: Mutex, other: Mutex, mayAsk: Promise<void>): Promise<string> => {
    using _guard = await own.acquire();
    arrived++;
    if (arrived === 2) {
      both.resolve();
    }
    await both.promise;
    await mayAsk;
    try {
      const asked = other.acquire();
      first.resolve();
      using _other = await asked;
      return 'done';
    } catch (error) {
      return error instanceof DeadlockError ? 'deadlock' : String(error);
    }
  };
  const flows = [flow(a, b, Promise.resolve()), flow(b, a, first.promise)] as const;
  await both.promise;
  return flows;
}
