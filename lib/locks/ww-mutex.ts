/**
 * Wound/wait mutexes: several of one class, taken in any order, by contexts that give way by their age. After the kernel's
 * ww_mutex (Documentation/locking/ww-mutex-design.rst), on explicit owners and one thread.
 *
 * What they promise to those who keep the protocol: no two contexts wait for each other; of all contexts that are open the
 * oldest never has to back off, so each finishes in the end; a mutex goes from hand to hand, so no wake-up is lost. A mutex
 * that is taken without a context is a plain one, first come first served, and promises nothing about others beside it.
 *
 * What they refuse: nothing but wrong arguments. A misuse is reported (`ww-misuse`), and then the request is answered like
 * any other, by age; each method says where it differs. Under the `throw` policy what was reported has not happened, but
 * for an unlock.
 *
 * What they cost: a free mutex one event of the checker and one promise; a wait also one call site.
 */
import type { AcquireOptions } from '../acquire.ts';
import type { Owner } from '../owner.ts';
import { shown } from '../shown.ts';
import type { LockInstance } from '../state/classes.ts';
import { WaitQueue } from './ww-algorithm.ts';
import { type Asker, askerOf, type WwLockOptions } from './ww-asker.ts';
import { WwContext } from './ww-context.ts';
import { type Ask, checkBeside, checkTurn, checkUse, checkUser, reportClass, reportWait } from './ww-protocol.ts';
import type { Called, Family, Member, WwAnswer } from './ww-transaction.ts';
import { WwWaiter } from './ww-waiter.ts';

/** A wound/wait mutex. Made by `mutex()` of its class. */
export class WwMutex implements Member {
  readonly name: string;
  /** What the checker knows it by: for assertions such as `owner.assertHeld(mutex.instance)`. */
  readonly instance: LockInstance;
  readonly #family: Family;
  readonly #queue = new WaitQueue<WwWaiter>();
  #holder: Asker | null = null;

  constructor(family: Family, name: string) {
    this.#family = family;
    this.name = name;
    this.instance = family.ld.lock(family.name, { kind: 'ww_mutex' });
  }

  get isLocked(): boolean {
    return this.#holder !== null;
  }

  /**
   * Takes the mutex, under a context or, with an owner, as a plain one. Only a context that holds something is told
   * 'deadlock'. A second request of a context that still waits is reported, and asked when the first is answered; after
   * 'deadlock' it is told the same. Under a context of another class it is reported, and the mutex taken as a plain one. A
   * context that has ended lives on until what it took is unlocked.
   * @throws LockdepError under the `throw` policy: the mutex was not taken
   */
  async lock(by: Owner | WwContext, options: WwLockOptions = {}): Promise<WwAnswer> {
    return this.#ask(askerOf(by, this.lock, options), false);
  }

  /**
   * Takes the mutex of the last 'deadlock', when all others of the context are unlocked. The answer is then 'acquired';
   * only after a misuse it can be another one.
   * @throws LockdepError under the `throw` policy: the mutex was not taken
   */
  async lockSlow(context: WwContext, options: WwLockOptions = {}): Promise<WwAnswer> {
    if (WwContext.transactionOf(context) === undefined) {
      throw new TypeError(`context: expected one made by begin(), got ${shown(context)}; without one there is lock()`);
    }
    return this.#ask(askerOf(context, this.lockSlow, options), true);
  }

  /**
   * Takes the mutex if it is free. A context that waits elsewhere does not get it, and is reported.
   * @throws LockdepError under the `throw` policy: the mutex was not taken
   */
  tryLock(by: Owner | WwContext): boolean {
    const given = askerOf(by, this.tryLock);
    const use = this.#useOf(given);
    const wait = use?.transaction.wait ?? null;
    if (use !== null && wait !== null) {
      reportWait(use, wait);
      return false;
    }
    const asker = this.#admitted(given);
    if (this.isLocked) {
      return false;
    }
    this.#judge(asker, false);
    this.#announce(asker, { try: true });
    // Whoever was told of a violation may have taken it.
    if (this.isLocked) {
      this.#retract(asker);
      return false;
    }
    this.#give(asker);
    return true;
  }

  /**
   * Gives the mutex to the next one. It is the owner that counts, whichever of its contexts it names. Who does not hold it
   * is reported by `bad-release` or `wrong-owner-release`, and changes nothing.
   * @throws LockdepError under the `throw` policy: if it was held, it is unlocked all the same
   */
  unlock(by: Owner | WwContext): void {
    const asker = askerOf(by, this.unlock);
    const use = this.#useOf(asker);
    if (use !== null) {
      checkUser(use);
    }
    const holder = this.#holder;
    if (holder?.owner !== asker.owner) {
      asker.owner.release(this.instance, { caller: this.unlock });
      return;
    }
    this.#takeFrom(holder);
    const next = this.#queue.next();
    if (next !== undefined) {
      this.#give(next.asker);
      next.grant();
    }
    this.#retract(holder, this.unlock);
  }

  #ask(given: Asker, isSlow: boolean): WwAnswer | Promise<WwAnswer> {
    given.signal?.throwIfAborted();
    const use = this.#useOf(given);
    const wait = use?.transaction.wait ?? null;
    if (use !== null && wait !== null) {
      reportWait(use, wait);
      const again = (): WwAnswer | Promise<WwAnswer> => this.#ask(given, isSlow);
      return wait.answer.then((answer) => (answer === 'deadlock' ? answer : again()), again);
    }
    const asker = this.#admitted(given);
    const isOwn = asker.transaction?.held.has(this) === true;
    if (!isOwn || isSlow) {
      this.#judge(asker, isSlow);
    }
    if (isOwn) {
      return 'already';
    }
    this.#announce(asker);
    if (!this.isLocked) {
      this.#give(asker);
      return 'acquired';
    }
    return this.#contend(asker);
  }

  #useOf({ transaction, place }: Asker): Ask | null {
    return transaction === null ? null : { transaction, member: this, place };
  }

  /** The one who asks, without a context where that is of no use here. */
  #admitted(asker: Asker): Asker {
    const use = this.#useOf(asker);
    if (use === null) {
      return asker;
    }
    checkUse(use);
    const isOurs = use.transaction.family === this.#family;
    if (!isOurs) {
      reportClass(use);
    }
    return isOurs ? asker : { ...asker, transaction: null };
  }

  /** Reports a request at a time when the protocol forbids it. */
  #judge(asker: Asker, isSlow: boolean): void {
    const use = this.#useOf(asker);
    if (use !== null) {
      checkTurn(use, isSlow);
      checkBeside(use);
    }
  }

  #contend(asker: Asker): WwAnswer | Promise<WwAnswer> {
    const { transaction, signal } = asker;
    const { algorithm } = this.#family;
    const rivals = { holder: this.#holder?.transaction ?? null, waiters: this.#queue.waiters };
    if (signal?.aborted) {
      this.#retract(asker);
      throw signal.reason;
    }
    if (transaction !== null && transaction.held.size > 0 && algorithm.mustBackOff(transaction, rivals)) {
      transaction.contended = { member: this, site: asker.place() };
      this.#retract(asker);
      return 'deadlock';
    }
    const losers = transaction === null ? [] : algorithm.losers(transaction, rivals);
    const waiter = new WwWaiter(asker, this, (leaving) => {
      this.#queue.remove(leaving);
      this.#retract(asker);
    });
    this.#queue.add(waiter);
    for (const loser of losers) {
      loser.wound();
    }
    return waiter.answer;
  }

  /** Tells the checker who asks, before anybody waits. */
  #announce({ owner, transaction, caller }: Asker, how: AcquireOptions = {}): void {
    const options = { ...how, caller };
    transaction?.open(caller);
    try {
      owner.acquire(this.instance, transaction === null ? options : { ...options, nest: transaction.guard });
    } catch (error) {
      transaction?.close();
      throw error;
    }
  }

  /** Tells the checker who does not have it any more, or does not get it. */
  #retract({ owner, transaction, caller }: Asker, now: Called = caller): void {
    try {
      owner.release(this.instance, { caller: now });
    } finally {
      transaction?.close();
    }
  }

  #give(asker: Asker): void {
    const { owner, transaction } = asker;
    const { bare, latest } = this.#family;
    this.#holder = asker;
    if (transaction !== null) {
      transaction.take(this);
    } else {
      bare.set(owner, (bare.get(owner) ?? new Map()).set(this, latest));
    }
  }

  #takeFrom({ owner, transaction }: Asker): void {
    const { bare } = this.#family;
    this.#holder = null;
    transaction?.drop(this);
    const own = bare.get(owner);
    if (transaction === null && own?.delete(this) && own.size === 0) {
      bare.delete(owner);
    }
  }
}
