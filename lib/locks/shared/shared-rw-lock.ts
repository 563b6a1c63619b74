/**
 * A read-write lock over threads that sleep: many readers, or one writer. By default writers go first, so that they do not starve, and readers
 * do where writers come without end; told to be fair it serves all in the order in which they came.
 *
 * A reader that ended gives its share back by whoever waits. What a writer that ended has half-written nobody knows: the lock is refused
 * until somebody recovers it. A thread that holds it and asks for what it would have to wait for is refused: it would wait for itself.
 * A reader that asks for the write lock is such a one; it gives the read lock back first.
 */
import { shown } from '../../shown.ts';
import { LockTimeoutError } from '../errors.ts';
import type { Guard } from '../guard.ts';
import { checkFunction, type WaitOptions } from '../wait-options.ts';
import type { AsyncHow } from './base/async-request.ts';
import { ownerIn } from './base/owner-in.ts';
import { type LockingOptions, type RebuildOptions, rebuild, type SharedLockOptions } from './base/shared-lock.ts';
import type { Asking } from './base/thread-witness.ts';
import type { UnitsAsk } from './base/units-ask.ts';
import type { LedgerEntry } from './base/units-ledger.ts';
import { UnitsLock } from './base/units-lock.ts';
import { NotHolderError, OwnerDiedError, RecursiveLockError } from './errors.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { ModeCode } from './memory/layout.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { UNITS_WORDS } from './memory/units-words.ts';
import { type TimedLockingOptions, timeoutOf, UNTIMED } from './waiting/timed.ts';

const TYPE: LockType = { code: 10, name: 'SharedRwLock', words: UNITS_WORDS };
/** A reader takes one, and the writer all. */
const ALL = 2 ** 30;
const NO_WAIT: WaitOptions = {};

export interface SharedRwLockOptions extends SharedLockOptions {
  /** Who goes first of those who wait: writers, or whoever came first. @default 'writer' */
  readonly prefer?: 'writer' | 'first';
}

export class SharedRwLock extends UnitsLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);
  readonly #asks: { readonly [Method in 'lockRead' | 'lockWrite']: Asking };

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SharedRwLockOptions = {}) {
    const { prefer = 'writer' } = options;
    if (prefer !== 'writer' && prefer !== 'first') {
      throw new TypeError(`prefer: expected 'writer' or 'first', got ${shown(prefer)}`);
    }
    super(name, options, {
      type: TYPE,
      kind: 'rwsem',
      below: new.target,
      traits: { prefer },
      rules: { capacity: ALL, prefersBig: prefer === 'writer' },
    });
    this.#asks = { lockRead: { caller: this.lockRead, mode: 'shared' }, lockWrite: { caller: this.lockWrite } };
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a SharedRwLock, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): SharedRwLock {
    return rebuild(SharedRwLock, TYPE, { handle, options });
  }

  /** How many readers hold it. */
  get readers(): number {
    return this.isWriteLocked ? 0 : ALL - this.book.free;
  }

  get isWriteLocked(): boolean {
    return this.book.free <= 0;
  }

  /**
   * Takes it for reading, and waits for that.
   * @throws RecursiveLockError if this thread holds it, and would have to wait
   * @throws LockTimeoutError if its time is over
   * @throws CannotBlockError where it would have to wait on a thread that must not block
   * @throws OwnerDiedError if the thread that wrote has ended
   * @throws DeadlockError if threads wait for each other, and this wait is to end
   * @throws LockdepError under the `throw` policy
   */
  lockRead(options: TimedLockingOptions = UNTIMED): void {
    this.#lock(this.#ask(options, 1, this.#asks.lockRead));
  }

  /** Takes it for writing, and waits for that. Refuses as `lockRead` does; RecursiveLockError also if this thread reads. */
  lockWrite(options: TimedLockingOptions = UNTIMED): void {
    this.#lock(this.#ask(options, ALL, this.#asks.lockWrite));
  }

  /** Takes it for reading if nobody writes, or waits for that. @returns whether it was so */
  tryLockRead(options: LockingOptions = UNTIMED): boolean {
    return this.tryUnits(this.#ask(options, 1, { caller: this.tryLockRead, mode: 'shared' }));
  }

  /** Takes it for writing if it is free. @returns whether it was */
  tryLockWrite(options: LockingOptions = UNTIMED): boolean {
    return this.tryUnits(this.#ask(options, ALL, { caller: this.tryLockWrite }));
  }

  /** Gives a read lock back. @throws NotHolderError if this owner has none */
  unlockRead(options: LockingOptions = UNTIMED): void {
    this.#unlock(this.#ask(options, 1, { caller: this.unlockRead }));
  }

  /** Gives the write lock back. @throws NotHolderError if this owner does not have it */
  unlockWrite(options: LockingOptions = UNTIMED): void {
    this.#unlock(this.#ask(options, ALL, { caller: this.unlockWrite }));
  }

  /** The writer goes on as a reader, and lets others read. @throws NotHolderError if this owner is not the writer */
  downgrade(options: LockingOptions = UNTIMED): void {
    const ask = this.#ask(options, ALL, { caller: this.downgrade });
    const entry = this.#entryOf(ask);
    const { owner } = ask;
    if (owner !== null && this.instance !== null) {
      owner.downgrade(this.instance);
      this.witness?.released(this);
    }
    entry.left = 1;
    this.book.give(ALL - 1);
    if (owner !== null) {
      this.witness?.granted(this, owner, ModeCode.SHARED);
    }
  }

  /** Runs synchronous work as a reader. @returns what it returns @throws TypeError if it returns a promise */
  runRead<Result>(work: () => Result, options: TimedLockingOptions = UNTIMED): Result {
    checkFunction('work', work);
    return this.#run(work, this.#ask(options, 1, { caller: this.runRead, mode: 'shared' }));
  }

  /** Runs synchronous work as the writer. @returns what it returns @throws TypeError if it returns a promise */
  runWrite<Result>(work: () => Result, options: TimedLockingOptions = UNTIMED): Result {
    checkFunction('work', work);
    return this.#run(work, this.#ask(options, ALL, { caller: this.runWrite }));
  }

  /** Takes it for reading, for the running async flow. Rejects as `lockRead` throws, and with the reason of the signal. */
  lockReadAsync(options: WaitOptions = NO_WAIT): Promise<Guard> {
    return this.requests.acquire(READ, options);
  }

  /** Takes it for writing, for the running async flow. Rejects as `lockWrite` throws, and with the reason of the signal. */
  lockWriteAsync(options: WaitOptions = NO_WAIT): Promise<Guard> {
    return this.requests.acquire(WRITE, options);
  }

  /**
   * Takes it for writing, also from a thread that ended while it wrote. What it protects may then be half-written.
   * @returns true where it was taken over from a thread that has ended
   */
  recover(options: LockingOptions = UNTIMED): boolean {
    const ask = this.#ask(options, ALL, { caller: this.recover });
    for (;;) {
      const dead = this.holders().find((slot) => this.book.of(slot) >= ALL && this.space.threads.isDead(slot));
      if (dead !== undefined && this.#inherit(dead, ask)) {
        return true;
      }
      try {
        this.#lock(ask);
        return false;
      } catch (error) {
        if (!(error instanceof OwnerDiedError)) {
          throw error;
        }
      }
    }
  }

  isSharedBy(slot: number): boolean {
    return this.book.of(slot) < ALL;
  }

  override bury(slot: number): boolean {
    return this.book.of(slot) < ALL && super.bury(slot);
  }

  protected refuseOwn({ units }: UnitsAsk): void {
    const { own } = this.book;
    if (own > 0) {
      const has = own >= ALL ? 'writes' : 'reads';
      const wants = units === ALL ? 'to write' : 'to read, behind a writer that waits for it';
      throw new RecursiveLockError(
        `${this.name}: this thread ${has} already and asks ${wants}; it would wait for itself for ever`,
      );
    }
  }

  #ask(options: TimedLockingOptions, units: number, asking: Asking): UnitsAsk {
    return { owner: ownerIn(this.witness, options), units, asking, timeout: timeoutOf(options) };
  }

  #lock(ask: UnitsAsk): void {
    if (!this.acquireUnits(ask)) {
      throw new LockTimeoutError(this.name, ask.timeout ?? 0);
    }
  }

  #unlock(ask: UnitsAsk): void {
    this.giveEntry(this.#entryOf(ask), ask.asking);
  }

  #run<Result>(work: () => Result, ask: UnitsAsk): Result {
    this.#lock(ask);
    let result: Result;
    try {
      result = work();
    } finally {
      this.#unlock(ask);
    }
    if (typeof (result as { then?: unknown } | null)?.then === 'function') {
      throw new TypeError(`work: ${this.name} is held for synchronous work only, and this returned a promise`);
    }
    return result;
  }

  #inherit(dead: number, ask: UnitsAsk): boolean {
    const { owner, asking } = ask;
    if (owner !== null && this.instance !== null) {
      owner.acquire(this.instance, asking);
    }
    if (!this.book.inherit(dead)) {
      this.cancel(ask);
      return false;
    }
    this.granted(ask);
    return true;
  }

  /** @throws NotHolderError, and what the policy throws */
  #entryOf(ask: UnitsAsk): LedgerEntry {
    const entry = this.ledger.find(ask.owner, ask.units);
    if (entry !== undefined) {
      return entry;
    }
    if (!this.held({ ...(ask.owner === null ? {} : { owner: ask.owner }) })) {
      this.cancel(ask);
    }
    const how = ask.units === ALL ? 'for writing' : 'for reading';
    throw new NotHolderError(`${this.name} is not held ${how} by ${ask.owner?.name ?? 'this thread'}`);
  }
}

const READ: AsyncHow = { units: 1, mode: 'shared', caller: SharedRwLock.prototype.lockReadAsync, handsOut: true };
const WRITE: AsyncHow = {
  units: ALL,
  mode: 'exclusive',
  caller: SharedRwLock.prototype.lockWriteAsync,
  handsOut: true,
};
