/**
 * A wait of this thread for a shared lock. It passes the time, on the processor or asleep, and past a bound it looks around every so often:
 * is a holder dead, do threads wait for each other in a circle, does a less urgent holder not run, is it passed by too often. A wait
 * that is over before that pays two readings of a clock; until then no other thread is told of it.
 * No wait is lost over the death of a thread: nobody sleeps for longer than until his next look.
 */
import { stopwatch } from '../../../state/profile.ts';
import { captureSite, type RawSite } from '../../../state/site.ts';
import { CannotBlockError } from '../errors.ts';
import { LockHead, Row } from '../memory/layout.ts';
import { mayBlock } from '../memory/platform.ts';
import { actorIn, epochMs, siteOf } from '../memory/rows.ts';
import type { Space } from '../memory/space.ts';
import { pauseFor } from './backoff.ts';
import { lookAround } from './look.ts';
import type { Memory, Waitable, WaitHow, Waiting } from './waiting.ts';

const FIRST_LOOK_MS = 1;
const LONGEST_SLEEP_MS = 64;
const ROUNDS_FOR_A_LOOK = 16;
const NAP_MS = 0.05;
/** The waits of this thread that others see, or saw until the next one was shown: each began within the one before it. */
const shown = new WeakMap<Space, Wait[]>();
/** A word that nobody changes. */
const NAP = new Int32Array(new SharedArrayBuffer(4));

export class Wait implements Waiting {
  readonly lock: Waitable;
  readonly how: WaitHow;
  /** Milliseconds on the clock of durations. */
  readonly since: number = stopwatch();
  /** How often the lock was granted when the wait began. */
  readonly grants: number;
  readonly holder: { readonly slot: number; readonly owner: number; readonly site: number } | null;
  /** Turns of loops that it passed. */
  spins = 0;
  isSpinning = false;
  /** Where it was asked for, once somebody had to know. */
  site: RawSite | null = null;
  /** What `lookAround` remembers from one look to the next. */
  readonly memory: Memory = { slot: 0, grants: 0, cpu: null, at: 0, told: 0 };
  #round = 0;
  #pause = FIRST_LOOK_MS;
  #nextLook: number;
  #isShown = false;
  /** Whether it was reported as part of a circle before one within it was shown. */
  #isTold = false;

  constructor(lock: Waitable, how: WaitHow) {
    this.lock = lock;
    this.how = how;
    this.grants = lock.words[LockHead.GRANTS] as number;
    this.#nextLook = this.since + FIRST_LOOK_MS;
    const [slot] = lock.holders();
    const owner = lock.words[LockHead.OWNER] as number;
    this.holder = slot === undefined ? null : { slot, owner, site: lock.words[LockHead.SITE] as number };
    if (lock.instance !== null) {
      how.owner?.blocked(lock.instance);
    }
  }

  /** Milliseconds until now. */
  get waited(): number {
    return stopwatch() - this.since;
  }

  /** True once its time is over. */
  get isOver(): boolean {
    const { timeout = Number.POSITIVE_INFINITY } = this.how;
    return timeout !== Number.POSITIVE_INFINITY && this.waited >= timeout;
  }

  /** Passes a little time on the processor. @throws what a look finds that ends the wait */
  spin(): void {
    this.isSpinning = true;
    this.spins += pauseFor(++this.#round);
    if (this.#round % ROUNDS_FOR_A_LOOK === 0) {
      this.#lookIfDue();
      this.#napInTurn();
    }
  }

  // Only one can go on, and where there are more threads than processors it is most often not running.
  #napInTurn(): void {
    if (this.#isShown && this.lock.goesInTurn === true && mayBlock()) {
      Atomics.wait(NAP, 0, 0, NAP_MS);
    }
  }

  /**
   * Sleeps as long as the word has this value, until it is woken or it is time for a look.
   * @throws CannotBlockError on a thread that must not block
   * @throws what a look finds that ends the wait
   */
  park(at: number, value: number): void {
    if (!mayBlock()) {
      throw new CannotBlockError(
        `${this.lock.name} is taken, and this thread must not block: it is the main thread of a browser; use lockAsync(), or take it in a worker`,
      );
    }
    this.isSpinning = false;
    const { timeout = Number.POSITIVE_INFINITY } = this.how;
    const left = Math.min(this.#nextLook, this.since + timeout) - stopwatch();
    Atomics.wait(this.lock.words, at, value, Math.max(left, 0));
    this.#lookIfDue();
  }

  /** Other threads see it no more. */
  hide(): void {
    if (!this.#isShown) {
      return;
    }
    this.#isShown = false;
    const { space } = this.lock;
    const waits = shown.get(space) ?? [];
    const isInnermost = waits.at(-1) === this;
    waits.splice(waits.indexOf(this), 1);
    if (isInnermost) {
      Atomics.add(space.threads.words, space.threads.row + Row.WAIT_TURN, 1);
      const outer = waits.at(-1);
      if (outer !== undefined) {
        outer.#write();
      }
    }
  }

  /** It is over, with the lock or without it. */
  end(isGranted: boolean): void {
    this.hide();
    const { lock, how, holder } = this;
    const { witness, instance, space } = lock;
    if (witness === null || instance === null || how.owner === null) {
      return;
    }
    witness.lockdep.profile.contended(instance.class, {
      waitMs: this.waited,
      spins: this.spins,
      site: this.site ?? how.owner.chain.site,
      holder: holder && {
        // Nobody may ever ask.
        owner: () => actorIn(space, holder.slot, holder.owner).owner,
        site: siteOf(space, holder.site),
      },
    });
    if (isGranted) {
      how.owner.granted(instance);
    }
  }

  #lookIfDue(): void {
    const now = stopwatch();
    if (now < this.#nextLook) {
      return;
    }
    this.#pause = Math.min(this.#pause * 2, LONGEST_SLEEP_MS);
    this.#nextLook = now + this.#pause;
    this.#show();
    const { words, row } = this.lock.space.threads;
    words[row + Row.WAIT_SPINS] = this.isSpinning ? 1 : 0;
    lookAround(this);
  }

  /** Other threads see from here on what this one waits for. */
  #show(): void {
    if (this.#isShown) {
      return;
    }
    this.#isShown = true;
    const { space } = this.lock;
    const { words, row } = space.threads;
    const waits = shown.get(space) ?? [];
    shown.set(space, waits);
    const outer = waits.at(-1);
    if (outer !== undefined) {
      // Such as that of a handler of reports, which takes a lock while its thread waits.
      outer.#isTold = words[row + Row.TOLD_TURN] === Atomics.add(words, row + Row.WAIT_TURN, 1);
    }
    waits.push(this);
    this.#write();
  }

  /** Writes all of it where the others read. */
  #write(): void {
    const { lock, how } = this;
    const { witness, space } = lock;
    const { words, row } = space.threads;
    words[row + Row.WAIT_LOCK] = lock.id;
    words[row + Row.WAIT_CLASS] = lock.classId;
    words[row + Row.WAIT_MODE] = how.mode ?? 0;
    words[row + Row.WAIT_UNITS] = how.units ?? 0;
    words[row + Row.WAIT_SINCE] = epochMs() - Math.round(this.waited);
    words[row + Row.WAIT_ENDS] = how.timeout === undefined || how.timeout === Number.POSITIVE_INFINITY ? 0 : 1;
    words[row + Row.WAIT_OWNER] = 0;
    words[row + Row.WAIT_SITE] = 0;
    if (witness !== null && how.owner !== null) {
      this.site ??= captureSite(how.caller);
      words[row + Row.WAIT_OWNER] = witness.ownerId(how.owner);
      words[row + Row.WAIT_SITE] = witness.siteId(this.site.resolve(witness.lockdep.state.resolver));
    }
    words[row + Row.WAIT_SPINS] = this.isSpinning ? 1 : 0;
    if (this.#isTold) {
      words[row + Row.TOLD_TURN] = ((words[row + Row.WAIT_TURN] as number) + 1) | 0;
    }
    Atomics.add(words, row + Row.WAIT_TURN, 1);
  }
}
