/**
 * A mutex that spins a little and then sleeps, the one to use unless a lock is held for less than a microsecond. One word with three states:
 * free, held, held while somebody may sleep for it. Unfair between threads: whoever comes at the right moment gets it.
 * Async flows take it with `lockAsync`, and wait for each other in the order in which they came; between them and other threads
 * it is as unfair as it is between threads.
 *
 * It refuses to block where that is not allowed, such as on the main thread of a browser, and where the holder is an async flow of the same
 * thread, which could never give it back. Costs, uncontended and unchecked, one atomic operation each way.
 */
import type { Owner } from '../../owner.ts';
import { LockTimeoutError } from '../errors.ts';
import type { Guard } from '../guard.ts';
import { checkFunction, type WaitOptions } from '../wait-options.ts';
import { witnessFor } from '../witness-for.ts';
import { workUnder } from '../work.ts';
import { type AsyncHow, AsyncRequest } from './base/async-request.ts';
import { AsyncRequests, type AsyncTarget } from './base/async-requests.ts';
import type { SleepPlace } from './base/async-sleep.ts';
import { ExclusiveLock } from './base/exclusive-lock.ts';
import { type LockingOptions, type RebuildOptions, rebuild, type SharedLockOptions } from './base/shared-lock.ts';
import { type Asking, askingOf } from './base/thread-witness.ts';
import { NotHolderError } from './errors.ts';
import { attemptWord } from './memory/async-word.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { LOCK_HEAD_WORDS, Row } from './memory/layout.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { giveWord, holderIn, sleepForWord, takeOverWord, tryWord } from './memory/word.ts';
import { type TimedLockingOptions, timeoutOf, UNTIMED } from './waiting/timed.ts';
import type { Wait } from './waiting/wait.ts';

const TYPE: LockType = { code: 6, name: 'ParkingMutex', words: 1 };
const STATE = LOCK_HEAD_WORDS;
const NO_WAIT: WaitOptions = {};

export class ParkingMutex extends ExclusiveLock implements AsyncTarget {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);
  readonly #asks: Asking = askingOf(this.lock);
  readonly #requests: AsyncRequests = new AsyncRequests(this);

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SharedLockOptions = {}) {
    super(name, options, { type: TYPE, kind: 'mutex', below: new.target });
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a ParkingMutex, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): ParkingMutex {
    return rebuild(ParkingMutex, TYPE, { handle, options });
  }

  /**
   * Takes the mutex, and waits for it.
   * @throws RecursiveLockError if this thread holds it, also where one of its async flows does
   * @throws LockTimeoutError if its time is over
   * @throws CannotBlockError where it would have to wait on a thread that must not block
   * @throws OwnerDiedError if the thread that held it has ended
   * @throws DeadlockError if threads wait for each other, and this wait is to end
   * @throws LockdepError under the `throw` policy
   */
  override lock(options: TimedLockingOptions = UNTIMED): void {
    const owner = options === UNTIMED ? this.ownerOf() : this.ownerOf(options);
    const timeout = timeoutOf(options);
    if (!this.acquire(owner, this.#asks, timeout)) {
      throw new LockTimeoutError(this.name, timeout ?? 0);
    }
  }

  /**
   * Takes the mutex for the running async flow, at once where it is free. Rejects with a LockTimeoutError, with the reason of the
   * signal, with an OwnerDiedError if the thread that held it has ended, with a LockdepError under the `throw` policy for what a named
   * owner breaks, and with a TypeError for a wrong option.
   */
  lockAsync(options: WaitOptions = NO_WAIT): Promise<Guard> {
    return this.#requests.acquire(LOCK, options);
  }

  /** Takes the mutex, runs `work`, and gives it back when what that returned is settled. Rejects like `lockAsync`, and with what `work` throws. */
  runAsync<Result>(work: () => Result | PromiseLike<Result>, options: WaitOptions = NO_WAIT): Promise<Result> {
    try {
      checkFunction('work', work);
      const got = this.#requests.enter(RUN, options);
      if (!(got instanceof AsyncRequest)) {
        const done = workUnder(got as NonNullable<typeof got>, work);
        return got?.claim?.markWork(done) ?? done;
      }
      const { claim } = got;
      const held = got.promise as Promise<NonNullable<Awaited<typeof got.promise>>>;
      return claim === null ? workUnder(held, work) : claim.markWork(workUnder(claim.mark(held), work));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Fails with `assert-held` unless the running owner, or async flow, holds it. */
  override assertHeld(options: LockingOptions = UNTIMED): void {
    const { instance, witness } = this;
    if (this.#requests.held > 0 && options.owner === undefined && instance !== null && witness !== null) {
      witnessFor(witness.lockdep)?.assertHeld(instance, undefined, this.assertHeld);
    } else {
      super.assertHeld(options);
    }
  }

  /**
   * Gives it back while something else is waited for, and takes it again in any case.
   * @throws NotHolderError if the owner does not hold it
   * @throws what `sleep` throws, with the mutex held
   * @internal
   */
  without(sleep: () => void, { options, asking }: { readonly options: LockingOptions; readonly asking: Asking }): void {
    const owner = this.ownerOf(options);
    if (!this.isHeldBy(owner)) {
      throw new NotHolderError(`${this.name} is not held here; take it before you wait, and keep it until then`);
    }
    try {
      this.release(owner, asking);
      sleep();
    } finally {
      this.acquire(owner, asking);
    }
  }

  holderSlot(): number {
    return holderIn(this.words, STATE);
  }

  protected override isHeldBy(owner: Owner | null): boolean {
    return this.#requests.held === 0 && super.isHeldBy(owner);
  }

  protected tryTake(): boolean {
    return tryWord(this.words, STATE, this.space.threads.own);
  }

  protected take(wait: Wait): boolean {
    return sleepForWord(wait, STATE, this.space.threads.own);
  }

  protected give(): void {
    giveWord(this.words, STATE);
  }

  protected takeOver(dead: number): boolean {
    return takeOverWord(this.words, STATE, { from: dead, to: this.space.threads.own });
  }

  /** @internal */
  attempt(request: AsyncRequest): 'taken' | SleepPlace {
    return attemptWord(this, STATE, request);
  }

  /** @internal */
  forgo(): void {}

  /** @internal */
  giveAsync(): void {
    const { words, row } = this.space.threads;
    this.give();
    (words[row + Row.DEBT] as number)--;
  }
}

const LOCK: AsyncHow = { units: 1, mode: 'exclusive', caller: ParkingMutex.prototype.lockAsync, handsOut: true };
const RUN: AsyncHow = { units: 1, mode: 'exclusive', caller: ParkingMutex.prototype.runAsync, handsOut: false };
