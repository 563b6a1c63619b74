/**
 * Work that is done once over all threads, whoever comes first. While it is done it is a lock that its thread holds: who comes
 * meanwhile waits, and the work itself must not ask for it. Work that fails, or whose thread ends, leaves it to the next one.
 * One word tells all: free, being done by a thread, done. Once it is done, to ask costs one load.
 */
import { shown } from '../../../shown.ts';
import { LockTimeoutError } from '../../errors.ts';
import { checkFunction, type WaitOptions } from '../../wait-options.ts';
import { workUnder } from '../../work.ts';
import { attemptWord } from '../memory/async-word.ts';
import { LOCK_HEAD_WORDS, Row } from '../memory/layout.ts';
import type { LockType } from '../memory/memory.ts';
import { holderIn, SLEEPERS, tryNamed, tryWord, unnamed } from '../memory/word.ts';
import { pauseFor } from '../waiting/backoff.ts';
import { type TimedLockingOptions, timeoutOf } from '../waiting/timed.ts';
import type { Wait } from '../waiting/wait.ts';
import { type AsyncHow, AsyncRequest } from './async-request.ts';
import { AsyncRequests, type AsyncTarget } from './async-requests.ts';
import type { SleepPlace } from './async-sleep.ts';
import { HeldByOne } from './held-by-one.ts';
import { ownerIn } from './owner-in.ts';
import type { SharedLockOptions } from './shared-lock.ts';
import type { Asking } from './thread-witness.ts';

export interface SharedOnceOptions extends SharedLockOptions {
  /** Whether those who wait sleep, or spin. @default 'park' */
  readonly wait?: 'park' | 'spin';
}

const STATE = LOCK_HEAD_WORDS;
/** Words that it takes at least, behind the head. */
export const ONCE_WORDS = 1;
/** Stands in the word when the work is done: no slot, and nobody to be woken. */
const DONE = 0x4000_0000;
const ROUNDS_BEFORE_SLEEP = 12;

export abstract class OnceLock extends HeldByOne implements AsyncTarget {
  readonly #spins: boolean;
  readonly #requests: AsyncRequests = new AsyncRequests(this);
  /** What the word is set to when the lock is given back. */
  #next = 0;

  constructor(
    name: string | undefined,
    options: SharedOnceOptions,
    making: { readonly type: LockType; readonly below: unknown; readonly traits?: Readonly<Record<string, string>> },
  ) {
    const { wait = 'park' } = options;
    if (wait !== 'park' && wait !== 'spin') {
      throw new TypeError(`wait: expected 'park' or 'spin', got ${shown(wait)}`);
    }
    super(name, options, { ...making, kind: 'mutex', traits: { ...making.traits, wait } });
    this.#spins = wait === 'spin';
  }

  /** True once the work is done. One load. */
  get isDone(): boolean {
    return Atomics.load(this.words, STATE) === DONE;
  }

  holderSlot(): number {
    return holderIn(this.words, STATE);
  }

  /** What was half-done by a thread that has ended is done again. */
  override bury(dead: number): boolean {
    const { words, space } = this;
    const state = Atomics.load(words, STATE);
    // Where somebody else was first, the slot may be that of a thread that lives.
    const isNamed = holderIn(words, STATE) === dead && space.threads.isKnownDead(dead);
    if (isNamed && Atomics.compareExchange(words, STATE, state, 0) === state) {
      space.threads.forgive(dead);
      Atomics.notify(words, STATE, 1);
    }
    return true;
  }

  /** @returns whether this call did the work */
  protected once(work: () => void, options: TimedLockingOptions, asking: Asking): boolean {
    checkFunction('init', work);
    const owner = ownerIn(this.witness, options);
    const timeout = timeoutOf(options);
    if (this.isDone) {
      return false;
    }
    if (!this.acquire(owner, asking, timeout)) {
      if (this.isDone) {
        return false;
      }
      throw new LockTimeoutError(this.name, timeout ?? 0);
    }
    try {
      work();
      this.#next = DONE;
    } finally {
      this.release(owner, asking);
    }
    return true;
  }

  /** The same with work that may be asynchronous, without blocking. */
  protected onceAsync(work: () => unknown, how: AsyncHow, options: WaitOptions): Promise<boolean> {
    try {
      checkFunction('init', work);
      if (this.isDone) {
        return Promise.resolve(false);
      }
      const got = this.#requests.enter(how, options);
      const done = this.#doneUnder(got, work);
      return got?.claim?.markWork(done) ?? done;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #doneUnder(got: ReturnType<AsyncRequests['enter']>, work: () => unknown): Promise<boolean> {
    const held = got instanceof AsyncRequest ? await (got.claim?.mark(got.promise) ?? got.promise) : got;
    if (held === null) {
      return false;
    }
    await workUnder(held, async () => {
      await work();
      this.#next = DONE;
    });
    return true;
  }

  protected tryTake(): boolean {
    return tryWord(this.words, STATE, this.space.threads.own);
  }

  protected take(wait: Wait): boolean {
    return unnamed(wait, () => this.#take(wait));
  }

  #take(wait: Wait): boolean {
    const { words } = this;
    const { own } = this.space.threads;
    let mine = own;
    for (let round = 1; ; round++) {
      const state = Atomics.load(words, STATE);
      if (state === DONE) {
        return false;
      }
      if (state === 0) {
        if (tryNamed(wait, STATE, mine)) {
          return true;
        }
      } else if (wait.isOver) {
        return false;
      } else if (this.#spins) {
        wait.spin();
      } else if (round <= ROUNDS_BEFORE_SLEEP) {
        wait.spins += pauseFor(round);
      } else if ((state & SLEEPERS) !== 0 || Atomics.compareExchange(words, STATE, state, state | SLEEPERS) === state) {
        mine = own | SLEEPERS;
        wait.park(STATE, state | SLEEPERS);
      }
    }
  }

  protected give(): void {
    const { words } = this;
    const next = this.#next;
    this.#next = 0;
    if ((Atomics.exchange(words, STATE, next) & SLEEPERS) !== 0) {
      Atomics.notify(words, STATE, next === DONE ? Number.POSITIVE_INFINITY : 1);
    }
  }

  /** Nobody takes half-done work over: it begins again. */
  protected takeOver(): boolean {
    return false;
  }

  /** @internal */
  attempt(request: AsyncRequest): 'taken' | 'needless' | SleepPlace {
    return this.isDone ? 'needless' : attemptWord(this, STATE, request);
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
