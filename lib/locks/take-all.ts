/**
 * Several locks taken one after the other, in an order that everybody keeps: so no two who do it wait for each other. If one
 * cannot be had, those before it are given back, the last one first.
 */

import type { LockWaiter } from './candidate.ts';
import { Deadline } from './deadline.ts';
import { type Guard, Holding } from './guard.ts';
import { giveBack, JointGuard } from './joint-guard.ts';
import { checkWait, type WaitOptions } from './wait-options.ts';
import type { Claim } from './witness.ts';
import { workUnder } from './work.ts';

/** A lock as it is taken with others: its guard where it is free, else who waits. */
export type Enter = (options: WaitOptions, together: object) => Holding | LockWaiter<Holding>;

/** Takes all, at once where they are free. */
export function acquireEach(locks: readonly Enter[], options: WaitOptions): Promise<Guard> {
  const taking = new Taking(locks, options);
  const got = taking.all();
  const promise = got instanceof JointGuard ? Promise.resolve(got) : got;
  return taking.markFor(promise);
}

/** Runs work while all are held; at once where they are free. */
export function runUnderEach<R>(
  locks: readonly Enter[],
  options: WaitOptions,
  work: () => R | PromiseLike<R>,
): Promise<R> {
  return workUnder(new Taking(locks, options).all(false), work);
}

class Taking {
  readonly #locks: Iterator<Enter>;
  readonly #deadline: Deadline;
  readonly #held: Holding[] = [];
  readonly #claims: Claim[] = [];
  #promise: Promise<Guard> | null = null;

  constructor(locks: readonly Enter[], options: WaitOptions) {
    checkWait(options);
    this.#locks = locks[Symbol.iterator]();
    this.#deadline = new Deadline(options);
  }

  /** @param handsOut whether the guard is handed to the program */
  all(handsOut = true): JointGuard | Promise<JointGuard> {
    try {
      const first = this.#next();
      return first === null ? this.#guard(handsOut) : this.#rest(first, handsOut);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Whoever waits for this promise owns the locks, those too that are asked for later. */
  markFor(promise: Promise<Guard>): Promise<Guard> {
    this.#promise = promise;
    for (const claim of this.#claims) {
      void claim.mark(promise);
    }
    return promise;
  }

  async #rest(first: LockWaiter<Holding>, handsOut: boolean): Promise<JointGuard> {
    try {
      for (let waiter: LockWaiter<Holding> | null = first; waiter !== null; waiter = this.#next()) {
        this.#held.push(await this.#awaited(waiter));
      }
      return this.#guard(handsOut);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Those that are held are given back no sooner than the wait has ended. */
  #awaited({ claim, promise }: LockWaiter<Holding>): Promise<Holding> {
    if (claim !== null) {
      void claim.mark(promise);
      for (const one of this.#held) {
        one.claim?.awaits(promise);
      }
    }
    return promise;
  }

  /** Takes what is free, up to the first that has to be waited for; `null` where all are held. */
  #next(): LockWaiter<Holding> | null {
    for (let lock = this.#locks.next(); lock.done !== true; lock = this.#locks.next()) {
      const got = this.#enter(lock.value);
      if (got.claim !== null) {
        this.#claims.push(got.claim);
        if (this.#promise !== null) {
          void got.claim.mark(this.#promise);
        }
      }
      if (!(got instanceof Holding)) {
        return got;
      }
      this.#held.push(got);
    }
    return null;
  }

  /** Asks as the owner of those that are held already: the promise that tells it is not settled yet. */
  #enter(enter: Enter): Holding | LockWaiter<Holding> {
    const { options } = this.#deadline;
    const claim = this.#held.at(-1)?.claim ?? null;
    return claim === null ? enter(options, this) : claim.run(() => enter(options, this));
  }

  #guard(handsOut: boolean): JointGuard {
    const guard = new JointGuard(this.#held);
    if (handsOut) {
      guard.attach();
    }
    return guard;
  }

  #failed(error: unknown): unknown {
    giveBack(this.#held, (one) => one.end());
    return this.#deadline.errorOf(error);
  }
}
