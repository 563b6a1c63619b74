/**
 * How units of a lock that several threads hold at a time are taken and given back: what is said to the checker, what is written where
 * other threads read it, and in which order. Which requests keep each other out, and what is refused, is for each class to say.
 */
import { LOCK_HEAD_WORDS, LockHead } from '../memory/layout.ts';
import type { UnitsRules } from '../memory/units-words.ts';
import { pauseFor } from '../waiting/backoff.ts';
import { refuseDead } from '../waiting/look.ts';
import { UNTIMED } from '../waiting/timed.ts';
import { Wait } from '../waiting/wait.ts';
import type { AsyncRequest } from './async-request.ts';
import { AsyncRequests, type AsyncTarget } from './async-requests.ts';
import type { SleepPlace } from './async-sleep.ts';
import { buryDead } from './dead-holders.ts';
import { HeldUnits } from './held-units.ts';
import { ownerIn } from './owner-in.ts';
import { type LockingOptions, type LockMaking, SharedLock, type SharedLockOptions } from './shared-lock.ts';
import type { Asking } from './thread-witness.ts';
import { modeCode, type UnitsAsk } from './units-ask.ts';
import { type LedgerEntry, UnitsLedger } from './units-ledger.ts';

const ROUNDS_BEFORE_SLEEP = 12;

export abstract class UnitsLock extends SharedLock implements AsyncTarget {
  protected readonly book: HeldUnits;
  protected readonly ledger: UnitsLedger = new UnitsLedger();
  protected readonly requests: AsyncRequests = new AsyncRequests(this);

  constructor(
    name: string | undefined,
    options: SharedLockOptions,
    { rules, ...making }: LockMaking & { readonly rules: UnitsRules },
  ) {
    super(name, options, making);
    this.book = new HeldUnits(this.words, { space: this.space, start: LOCK_HEAD_WORDS, ...rules });
  }

  /** False where anybody may give units back, so that nobody is said to hold those that were taken. */
  protected readonly isOwned: boolean = true;

  /** Refuses a wait of this thread that cannot end. */
  protected abstract refuseOwn(ask: UnitsAsk, wait: Wait): void;

  /** How many threads wait. */
  get waiting(): number {
    return this.book.waiting;
  }

  /** True if the running owner of this thread holds it, or some of it, in whatever mode. */
  held(options: LockingOptions = UNTIMED): boolean {
    return this.ledger.find(ownerIn(this.witness, options)) !== undefined && this.book.own > 0;
  }

  /** Fails with `assert-held` unless the running owner holds it, in that mode where one is said. */
  assertHeld(options: LockingOptions & { readonly mode?: 'exclusive' | 'shared' } = UNTIMED): void {
    if (this.instance !== null) {
      ownerIn(this.witness, options)?.assertHeld(this.instance, options.mode);
    }
  }

  /** Fails with `assert-not-held` if the running owner holds it. */
  assertNotHeld(options: LockingOptions = UNTIMED): void {
    if (this.instance !== null) {
      ownerIn(this.witness, options)?.assertNotHeld(this.instance);
    }
  }

  holders(): readonly number[] {
    return this.book.holders();
  }

  /** What a thread had that has ended is free again. */
  bury(slot: number): boolean {
    this.book.bury(slot);
    return true;
  }

  /** @returns false where its time was over */
  protected acquireUnits(ask: UnitsAsk, isOwned: boolean = this.isOwned): boolean {
    const { owner, units, asking } = ask;
    this.#settle();
    if (owner !== null && this.instance !== null) {
      if (isOwned) {
        owner.acquire(this.instance, asking);
      } else {
        owner.mightLock(this.instance, asking);
      }
    }
    if (!this.book.tryTake(units) && !this.#wait(ask, isOwned)) {
      return false;
    }
    this.granted(ask, isOwned);
    return true;
  }

  protected tryUnits(ask: UnitsAsk): boolean {
    const { owner, units, asking } = ask;
    this.#settle();
    const how = { owner, caller: asking.caller, mode: modeCode(asking) };
    if (!this.book.tryTake(units) && !(buryDead(this, how) && this.book.tryTake(units))) {
      return false;
    }
    try {
      if (owner !== null && this.instance !== null && this.isOwned) {
        owner.acquire(this.instance, { ...asking, try: true });
      }
    } catch (error) {
      this.book.give(units);
      throw error;
    }
    this.granted(ask);
    return true;
  }

  /** Gives units back, whoever has them. @returns false where fewer are held in all: nothing was given back then */
  protected giveUnits({ owner, units, asking }: UnitsAsk): boolean {
    this.#settle();
    const given = this.book.give(units);
    if (given === undefined) {
      return false;
    }
    this.#tellOver(this.ledger.take(given, owner), asking);
    return true;
  }

  /** Gives back what one acquire of this thread took. */
  protected giveEntry(entry: LedgerEntry, asking: Asking): void {
    this.ledger.remove(entry);
    this.book.give(entry.left);
    this.#tellOver([entry], asking);
  }

  protected granted({ owner, units, asking }: UnitsAsk, isOwned: boolean = this.isOwned): void {
    const { words, witness } = this;
    if (isOwned) {
      this.ledger.add({ owner, flow: null, left: units });
    } else {
      this.ledger.loose += units;
    }
    (words[LockHead.GRANTS] as number)++;
    if (witness !== null && owner !== null && isOwned) {
      witness.granted(this, owner, modeCode(asking));
    } else {
      words[LockHead.SITE] = 0;
    }
    // The last one who came need not be the one who is named first.
    words[LockHead.OWNER] = 0;
  }

  /** A wait that ends without the lock is a release. */
  protected cancel({ owner, asking }: UnitsAsk): void {
    if (owner !== null && this.instance !== null) {
      owner.release(this.instance, { caller: asking.caller });
    }
  }

  #wait(ask: UnitsAsk, isOwned: boolean): boolean {
    const { owner, units, asking, timeout } = ask;
    const wait = new Wait(this, {
      owner,
      caller: asking.caller,
      mode: modeCode(asking),
      units: this.instance?.class.kind.counting === false ? 0 : units,
      ...(timeout === undefined ? {} : { timeout }),
    });
    let isGranted = false;
    try {
      this.#refuseDead(wait);
      this.refuseOwn(ask, wait);
      isGranted = this.#take(wait, units);
    } finally {
      if (!isGranted) {
        this.book.withdraw();
      }
      wait.end(isGranted);
      if (!isGranted && isOwned) {
        this.cancel(ask);
      }
    }
    return isGranted;
  }

  #refuseDead(wait: Wait): void {
    for (const slot of this.holders()) {
      if (this.space.threads.isKnownDead(slot)) {
        refuseDead(wait, slot);
      }
    }
  }

  #take(wait: Wait, units: number): boolean {
    const at = this.book.wantsAt;
    while (!this.book.take(units)) {
      if (wait.isOver) {
        return false;
      }
      for (let round = 1; round <= ROUNDS_BEFORE_SLEEP && Atomics.load(this.words, at) === units; round++) {
        wait.spins += pauseFor(round);
      }
      wait.park(at, units);
      this.book.dropDead();
    }
    return true;
  }

  /** Units of this thread that others have given back are not held here any more. */
  #settle(): void {
    const gone = this.ledger.total + this.ledger.loose - this.book.own;
    if (gone > 0) {
      this.#tellOver(this.ledger.take(gone, null), null);
    }
  }

  #tellOver(entries: readonly LedgerEntry[], asking: Asking | null): void {
    const { instance, witness } = this;
    for (const { owner, flow } of entries) {
      if (instance !== null && owner !== null && flow === null) {
        witness?.released(this);
        owner.release(instance, asking === null ? {} : { caller: asking.caller });
      }
    }
  }

  /** @internal */
  attempt(request: AsyncRequest): 'taken' | SleepPlace {
    const { units } = request.how;
    if (this.book.take(units, true)) {
      this.ledger.add({ owner: null, flow: request, left: units });
      return 'taken';
    }
    this.book.dropDead();
    return { at: this.book.wantsAt, value: units };
  }

  /** @internal */
  forgo(): void {
    this.book.withdraw(true);
  }

  /** @internal */
  giveAsync(request: AsyncRequest): void {
    const entry = this.ledger.flowEntry(request);
    // Somebody else may have given them back.
    if (entry !== undefined) {
      this.ledger.remove(entry);
      this.book.give(Math.min(entry.left, this.book.own));
    }
  }
}
