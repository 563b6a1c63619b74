/**
 * A mutex: one holder at a time, first come first served. It goes from hand to hand: a release makes the first one who
 * waits the holder, and nobody can come between. Not re-entrant.
 *
 * What it costs: a free one, unchecked, a promise and a guard.
 */
import { AsyncLock } from './async-lock.ts';
import { type Access, FairLock } from './fair-lock.ts';
import { type Guard, Holding } from './guard.ts';
import { type AsyncLockOptions, checkLockOptions, type TryOptions, type WaitOptions } from './wait-options.ts';

export class Mutex extends AsyncLock {
  readonly #lock: FairLock;

  /**
   * @param name of its class: mutexes of one name obey the same rules. Default: the place where it is made
   * @throws TypeError for a wrong name or option
   */
  constructor(name?: string, options: AsyncLockOptions = {}) {
    checkLockOptions(name, options);
    const lock = new FairLock(name, options, { kind: 'mutex', below: Mutex });
    super(lock, RUN);
    this.#lock = lock;
  }

  get isLocked(): boolean {
    return this.#lock.free === 0;
  }

  /**
   * Takes the mutex, at once where it is free. Rejects with a LockTimeoutError, with the reason of the signal, with a
   * DeadlockError where the checker is told to, with a LockdepError under its `throw` policy for what a named owner breaks, and with a TypeError for a
   * wrong option; it is then not taken.
   */
  acquire(options?: WaitOptions): Promise<Guard> {
    return this.#lock.acquire(ACQUIRE, options);
  }

  /**
   * Takes the mutex if it is free, else gives `null`.
   * @throws LockdepError under the `throw` policy: it was not taken
   */
  tryAcquire(options?: TryOptions): Guard | null {
    return this.#lock.tryAcquire(TRY, options);
  }

  /**
   * Takes the mutex, runs `fn`, and gives it back when what `fn` returned is settled. Where the mutex is free, `fn` is called
   * before this returns. Rejects like `acquire`, without a call of `fn`, and with what `fn` throws.
   */
  run<R>(fn: () => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    return this.#lock.run(RUN, fn, options);
  }
}

const guard = (lock: FairLock, units: number, claim: Holding['claim']): Holding => new Holding(lock, units, claim);
const EXCLUSIVE = { units: 1, mode: 'exclusive', guard } as const;

const ACQUIRE: Access = { ...EXCLUSIVE, caller: Mutex.prototype.acquire, handsOut: true };
const TRY: Access = { ...EXCLUSIVE, caller: Mutex.prototype.tryAcquire, handsOut: true };
const RUN: Access = { ...EXCLUSIVE, caller: Mutex.prototype.run, handsOut: false };
