/**
 * A read-write lock whose waiters spin: many readers, or one writer. By default a waiting writer stops new readers, so that it does not
 * starve; told to prefer readers it does not.
 * A thread that has it and asks for what it would have to wait for is refused: it would wait for itself. So is a reader that asks to
 * write, and, unless readers are declared recursive, one that reads again while a writer waits.
 * A reader that ended is taken out by whoever waits to write. A writer that ended leaves the lock to `recover()`.
 */
import type { IrqFlags } from '../../owner.ts';
import { shown } from '../../shown.ts';
import { restoreAfter, takeWithBhOff, takeWithIrqsOff } from './base/irq-saving.ts';
import { ownerIn } from './base/owner-in.ts';
import { RwHolding } from './base/rw-holding.ts';
import { type LockingOptions, type RebuildOptions, rebuild, type SharedLockOptions } from './base/shared-lock.ts';
import { OwnerDiedError } from './errors.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import type { RwAsk } from './queues/rw-plan.ts';
import { RW_WORDS } from './queues/rw-words.ts';

const TYPE: LockType = { code: 5, name: 'RwSpinLock', words: RW_WORDS };
const PLAIN: LockingOptions = {};

export interface RwSpinLockOptions extends SharedLockOptions {
  /** Who goes first where readers and a writer want it. @default 'writers' */
  readonly prefers?: 'writers' | 'readers';
  /** Whether a thread that reads may read again while a writer waits. @default true if it prefers readers */
  readonly recursiveReaders?: boolean;
}

export class RwSpinLock extends RwHolding {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);
  readonly goesInTurn: boolean = true;

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: RwSpinLockOptions = {}) {
    const { prefers = 'writers', recursiveReaders = prefers === 'readers' } = options;
    if (prefers !== 'writers' && prefers !== 'readers') {
      throw new TypeError(`prefers: expected 'writers' or 'readers', got ${shown(prefers)}`);
    }
    if (typeof recursiveReaders !== 'boolean') {
      throw new TypeError(`recursiveReaders: expected true or false, got ${shown(recursiveReaders)}`);
    }
    const rules = { stopsReaders: prefers === 'writers', recursiveReaders };
    super(name, options, {
      type: TYPE,
      kind: 'rwlock',
      below: new.target,
      traits: { prefers, recursiveReaders },
      rules,
    });
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a RwSpinLock, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): RwSpinLock {
    return rebuild(RwSpinLock, TYPE, { handle, options });
  }

  /**
   * Takes it for reading, and waits for that.
   * @throws RecursiveLockError if this thread has it, and would wait for itself
   * @throws OwnerDiedError if the thread that wrote has ended
   * @throws DeadlockError if threads wait for each other, and this wait is to end
   * @throws LockdepError under the `throw` policy
   */
  lockRead(options: LockingOptions = PLAIN): void {
    this.acquire(this.#ask(options, this.lockRead, true));
  }

  /** Takes it for writing, and waits for that. Refuses as `lockRead` does; also if this thread reads. */
  lockWrite(options: LockingOptions = PLAIN): void {
    this.acquire(this.#ask(options, this.lockWrite, false));
  }

  /** Takes it for reading unless it would have to wait. @returns whether it did @throws LockdepError under the `throw` policy */
  tryLockRead(options: LockingOptions = PLAIN): boolean {
    return this.tryAcquire(this.#ask(options, this.tryLockRead, true));
  }

  /** Takes it for writing if it is free. @returns whether it was @throws LockdepError under the `throw` policy */
  tryLockWrite(options: LockingOptions = PLAIN): boolean {
    return this.tryAcquire(this.#ask(options, this.tryLockWrite, false));
  }

  /** Gives a read lock back. @throws NotHolderError if this thread, or this owner, has none */
  unlockRead(options: LockingOptions = PLAIN): void {
    this.release(this.#ask(options, this.unlockRead, true));
  }

  /** Gives the write lock back. @throws NotHolderError if this thread, or this owner, does not have it */
  unlockWrite(options: LockingOptions = PLAIN): void {
    this.release(this.#ask(options, this.unlockWrite, false));
  }

  /** True if the running owner of this thread reads. */
  heldRead(options: LockingOptions = PLAIN): boolean {
    return this.isHeldBy(ownerIn(this.witness, options), true);
  }

  /** True if the running owner of this thread writes. */
  heldWrite(options: LockingOptions = PLAIN): boolean {
    return this.isHeldBy(ownerIn(this.witness, options), false);
  }

  /** Runs synchronous work as a reader. @returns what it returns @throws TypeError if it returns a promise */
  read<Result>(work: () => Result, options: LockingOptions = PLAIN): Result {
    return this.#run(work, this.#ask(options, this.read, true));
  }

  /** Runs synchronous work as the writer. @returns what it returns @throws TypeError if it returns a promise */
  write<Result>(work: () => Result, options: LockingOptions = PLAIN): Result {
    return this.#run(work, this.#ask(options, this.write, false));
  }

  /**
   * Takes it for writing, also from a thread that ended while it wrote. What it protects may then be half-written.
   * @returns true where it was taken over from a thread that has ended
   */
  recover(options: LockingOptions = PLAIN): boolean {
    const ask = this.#ask(options, this.recover, false);
    for (;;) {
      const dead = this.deadWriter();
      if (dead !== 0) {
        if (this.inherit(dead, ask)) {
          return true;
        }
        continue;
      }
      try {
        this.acquire(ask);
        return false;
      } catch (error) {
        if (!(error instanceof OwnerDiedError)) {
          throw error;
        }
      }
    }
  }

  /** Disables hard interrupts of the owner, and takes it for reading. @returns what to give to `unlockReadIrqRestore` */
  lockReadIrqSave(options: LockingOptions = PLAIN): IrqFlags {
    return this.#lockIrqSave(this.#ask(options, this.lockReadIrqSave, true));
  }

  /** Disables hard interrupts of the owner, and takes it for writing. @returns what to give to `unlockWriteIrqRestore` */
  lockWriteIrqSave(options: LockingOptions = PLAIN): IrqFlags {
    return this.#lockIrqSave(this.#ask(options, this.lockWriteIrqSave, false));
  }

  /** Gives a read lock back, and puts hard interrupts back to what they were. */
  unlockReadIrqRestore(flags: IrqFlags, options: LockingOptions = PLAIN): void {
    this.#unlockIrqRestore(flags, this.#ask(options, this.unlockReadIrqRestore, true));
  }

  /** Gives the write lock back, and puts hard interrupts back to what they were. */
  unlockWriteIrqRestore(flags: IrqFlags, options: LockingOptions = PLAIN): void {
    this.#unlockIrqRestore(flags, this.#ask(options, this.unlockWriteIrqRestore, false));
  }

  /** Disables soft interrupts of the owner, and takes it for reading. */
  lockReadBh(options: LockingOptions = PLAIN): void {
    const ask = this.#ask(options, this.lockReadBh, true);
    takeWithBhOff(ask.owner, () => this.acquire(ask));
  }

  /** Disables soft interrupts of the owner, and takes it for writing. */
  lockWriteBh(options: LockingOptions = PLAIN): void {
    const ask = this.#ask(options, this.lockWriteBh, false);
    takeWithBhOff(ask.owner, () => this.acquire(ask));
  }

  /** Gives a read lock back, and enables soft interrupts, unless they were disabled before. */
  unlockReadBh(options: LockingOptions = PLAIN): void {
    this.#unlockBh(this.#ask(options, this.unlockReadBh, true));
  }

  /** Gives the write lock back, and enables soft interrupts, unless they were disabled before. */
  unlockWriteBh(options: LockingOptions = PLAIN): void {
    this.#unlockBh(this.#ask(options, this.unlockWriteBh, false));
  }

  /** Fails with `assert-held` unless the running owner holds it. */
  assertHeld(options: LockingOptions = PLAIN): void {
    if (this.instance !== null) {
      ownerIn(this.witness, options)?.assertHeld(this.instance);
    }
  }

  /** Fails with `assert-held` unless the running owner writes. */
  assertHeldExclusive(options: LockingOptions = PLAIN): void {
    if (this.instance !== null) {
      ownerIn(this.witness, options)?.assertHeldExclusive(this.instance);
    }
  }

  /** Fails with `assert-held` unless the running owner reads. */
  assertHeldShared(options: LockingOptions = PLAIN): void {
    if (this.instance !== null) {
      ownerIn(this.witness, options)?.assertHeldShared(this.instance);
    }
  }

  /** Fails with `assert-not-held` if the running owner holds it. */
  assertNotHeld(options: LockingOptions = PLAIN): void {
    if (this.instance !== null) {
      ownerIn(this.witness, options)?.assertNotHeld(this.instance);
    }
  }

  #ask(options: LockingOptions, caller: RwAsk['caller'], isRead: boolean): RwAsk {
    return { owner: ownerIn(this.witness, options), caller, isRead };
  }

  #lockIrqSave(ask: RwAsk): IrqFlags {
    return takeWithIrqsOff(ask.owner, () => this.acquire(ask));
  }

  #unlockIrqRestore(flags: IrqFlags, ask: RwAsk): void {
    restoreAfter(
      () => this.release(ask),
      () => ask.owner?.irqRestore(flags),
    );
  }

  #unlockBh(ask: RwAsk): void {
    restoreAfter(
      () => this.release(ask),
      () => ask.owner?.softirqEnable(),
    );
  }

  #run<Result>(work: () => Result, ask: RwAsk): Result {
    if (typeof work !== 'function') {
      throw new TypeError(`work: expected a function, got ${shown(work)}`);
    }
    this.acquire(ask);
    let result: Result;
    try {
      result = work();
    } finally {
      this.release(ask);
    }
    if (typeof (result as { then?: unknown } | null)?.then === 'function') {
      throw new TypeError(`work: ${this.name} is held for synchronous work only, and this returned a promise`);
    }
    return result;
  }
}
