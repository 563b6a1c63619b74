/**
 * The async side of a lock over shared memory: those who wait for it in this thread without blocking, first come first served among
 * themselves. Only the first of them tries for the lock; towards other threads the holder is this thread, and its owner is the
 * async flow. Nobody is waited for without end: besides the wake-ups of others there is a timer, which also keeps the process alive.
 *
 * A free lock costs a guard. One that waits costs a timer and a promise of `Atomics.waitAsync` for each look; where the runtime
 * has no such promises, the timer alone.
 */

import { flowHooks } from '../../../owner/promise-hooks.ts';
import { endsByItself } from '../../asking.ts';
import { Holding } from '../../guard.ts';
import { checkWait, type WaitOptions } from '../../wait-options.ts';
import { WaitQueue } from '../../wait-queue.ts';
import type { Claim } from '../../witness.ts';
import { witnessFor } from '../../witness-for.ts';
import { LockHead } from '../memory/layout.ts';
import type { Waitable } from '../waiting/waiting.ts';
import { LongWaits, lookForDead } from './async-looks.ts';
import { placeOf } from './async-places.ts';
import { type AsyncHow, AsyncRequest } from './async-request.ts';
import { AsyncSleep, type SleepPlace } from './async-sleep.ts';
import { modeCode } from './units-ask.ts';

/** A lock as its async requests see it. */
export interface AsyncTarget extends Waitable {
  /** Takes it for this request, says that it is not needed any more, or where to sleep. */
  attempt(request: AsyncRequest): 'taken' | 'needless' | SleepPlace;
  /** The request that slept last is gone, without the lock. */
  forgo(): void;
  /** Gives it back. */
  giveAsync(request: AsyncRequest): void;
}

/** The owner of a lock that an async flow holds, as other threads see it. */
export const FLOW_NAME = 'an async flow';

const ATTEMPTS_AT_ONCE = 8;

export class AsyncRequests {
  readonly #lock: AsyncTarget;
  readonly #sleep: AsyncSleep;
  readonly #queue = new WaitQueue<AsyncRequest>();
  readonly #long = new LongWaits();
  #held = 0;
  #sleeper: AsyncRequest | null = null;
  #isPumping = false;

  constructor(lock: AsyncTarget) {
    this.#lock = lock;
    this.#sleep = new AsyncSleep(() => this.#woken());
  }

  /** How many async flows of this thread hold it. */
  get held(): number {
    return this.#held;
  }

  /** How many wait in this thread. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** The guard. Rejects as `enter` throws, and with what ends the wait. */
  acquire(how: AsyncHow, options: WaitOptions): Promise<Holding> {
    try {
      const got = this.enter(how, options);
      const promise = (got instanceof AsyncRequest ? got.promise : Promise.resolve(got)) as Promise<Holding>;
      return got?.claim?.mark(promise) ?? promise;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * The guard where the lock is free, `null` where it is not needed any more, else who waits for it.
   * @throws TypeError for a wrong option
   * @throws LockdepError under the `throw` policy
   * @throws the reason of a signal that is aborted
   */
  enter(how: AsyncHow, options: WaitOptions): Holding | AsyncRequest | null {
    checkWait(options);
    const claim = this.#ask(how, options);
    const request = new AsyncRequest(how, { claim, owner: options.owner?.name }, (one) => this.#left(one));
    if (this.#queue.size === 0) {
      const got = this.#lock.attempt(request);
      if (got === 'taken') {
        return this.#granted(request);
      }
      if (got === 'needless') {
        claim?.gaveUp();
        return null;
      }
      this.#sleeper = request;
    }
    this.#queue.add(request);
    claim?.blocked((error) => request.giveUp(error));
    request.arm(options, this.#lock.name);
    // What is done for those who wait is no part of the flow that happens to run.
    flowHooks.carrier.run(null, () => this.#pump());
    return request;
  }

  #ask({ mode, units, caller }: AsyncHow, options: WaitOptions): Claim | null {
    const { instance, witness } = this.#lock;
    if (instance === null || witness === null) {
      return null;
    }
    const { owner } = options;
    const ends = endsByItself(options);
    return (
      witnessFor(witness.lockdep)?.ask(instance, { mode, units: countOf(this.#lock, units), owner, ends, caller }) ??
      null
    );
  }

  #granted(request: AsyncRequest): Holding {
    const { claim, how, owner = FLOW_NAME } = request;
    const { words, witness } = this.#lock;
    this.#held++;
    claim?.granted();
    (words[LockHead.GRANTS] as number)++;
    words[LockHead.OWNER] = 0;
    words[LockHead.SITE] = 0;
    if (claim !== null) {
      const site = witness === null ? 0 : placeOf(claim, witness, how.caller);
      witness?.grantedTo(owner, this.#lock, { site, mode: modeCode(how) });
    }
    const guard = new Holding({ give: () => this.#give(request) }, how.units, claim);
    if (how.handsOut) {
      claim?.attach(guard);
    }
    return guard;
  }

  #give(request: AsyncRequest): void {
    this.#held--;
    if (request.claim !== null) {
      this.#lock.witness?.released(this.#lock);
    }
    this.#lock.giveAsync(request);
    if (this.#queue.size > 0) {
      flowHooks.carrier.run(null, () => this.#pump());
    }
  }

  #left(request: AsyncRequest): void {
    if (this.#sleeper === request) {
      this.#sleeper = null;
      this.#lock.forgo();
      this.#pump();
    }
  }

  /** @returns false where nobody needs it any more */
  #woken(): boolean {
    const isNeeded = this.#queue.size > 0;
    this.#pump();
    return isNeeded;
  }

  /** Serves those who are first, as far as the lock is to be had. */
  #pump(): void {
    if (this.#isPumping) {
      return;
    }
    this.#isPumping = true;
    try {
      let first = this.#queue.first;
      while (first !== null && this.#serve(first)) {
        first = this.#queue.first;
      }
    } finally {
      this.#isPumping = false;
    }
    if (this.#queue.size === 0) {
      this.#sleep.end();
    }
  }

  /** @returns false where it goes on sleeping */
  #serve(first: AsyncRequest): boolean {
    try {
      for (let round = 0; round < ATTEMPTS_AT_ONCE; round++) {
        const got = this.#lock.attempt(first);
        if (typeof got === 'string') {
          this.#serveWith(first, got);
          return true;
        }
        if (!first.hasSlept) {
          this.#sleep.begin();
          this.#sleeper = first;
          first.hasSlept = true;
        }
        lookForDead(this.#lock, first);
        this.#long.look(this.#queue);
        if (first.queue === null) {
          return true;
        }
        if (this.#sleep.listen(this.#lock.words, got)) {
          break;
        }
      }
      this.#sleep.setTimer();
      return false;
    } catch (error) {
      first.giveUp(error);
      return true;
    }
  }

  #serveWith(first: AsyncRequest, got: 'taken' | 'needless'): void {
    this.#sleeper = null;
    this.#queue.remove(first);
    if (got === 'needless') {
      first.claim?.gaveUp();
    }
    first.succeed(got === 'taken' ? this.#granted(first) : null);
  }
}

/** A writer takes all units of a lock that, for the checker, has one. */
function countOf({ instance }: AsyncTarget, units: number): number {
  return instance?.class.kind.counting === true ? units : 1;
}
