/**
 * The simplest lock there is: a word that is taken by test and test-and-set, with bounded back-off. Unfair: whoever looks at the right
 * moment gets it. `SpinLock` is the one to use; on a real-time system it is a sleeping lock. `RawSpinLock` spins everywhere.
 */
import type { IrqFlags } from '../../owner.ts';
import { shown } from '../../shown.ts';
import { ExclusiveLock } from './base/exclusive-lock.ts';
import { restoreAfter, takeWithBhOff, takeWithIrqsOff } from './base/irq-saving.ts';
import {
  type LockingOptions,
  type LockMaking,
  type RebuildOptions,
  rebuild,
  type SharedLockOptions,
} from './base/shared-lock.ts';
import { askingOf } from './base/thread-witness.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { LOCK_HEAD_WORDS } from './memory/layout.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { giveWord, holderIn, sleepForWord, spinForWord, takeOverWord, tryWord } from './memory/word.ts';
import type { Wait } from './waiting/wait.ts';

const STATE = LOCK_HEAD_WORDS;
const SPIN: LockType = { code: 1, name: 'SpinLock', words: 1 };
const RAW: LockType = { code: 2, name: 'RawSpinLock', words: 1 };

export interface SpinLockOptions extends SharedLockOptions {
  /** Whether it is used as on a real-time system, where it sleeps. @default false */
  readonly realtime?: boolean;
}

/** What both have in common, and every other lock that spins on one word. */
export abstract class SpinningLock extends ExclusiveLock {
  holderSlot(): number {
    return holderIn(this.words, STATE);
  }

  protected tryTake(): boolean {
    return tryWord(this.words, STATE, this.own);
  }

  protected take(wait: Wait): boolean {
    spinForWord(wait, STATE, this.own);
    return true;
  }

  protected give(): void {
    giveWord(this.words, STATE);
  }

  protected takeOver(dead: number): boolean {
    return takeOverWord(this.words, STATE, { from: dead, to: this.own });
  }

  /** Disables hard interrupts of the owner, and takes the lock. @returns what to give to `unlockIrqRestore` */
  lockIrqSave(options?: LockingOptions): IrqFlags {
    const owner = this.ownerOf(options);
    return takeWithIrqsOff(owner, () => this.acquire(owner, askingOf(this.lockIrqSave)));
  }

  /** Gives the lock back, and puts hard interrupts back to what they were. */
  unlockIrqRestore(flags: IrqFlags, options?: LockingOptions): void {
    const owner = this.ownerOf(options);
    restoreAfter(
      () => this.release(owner, askingOf(this.unlockIrqRestore)),
      () => owner?.irqRestore(flags),
    );
  }

  /** Disables soft interrupts of the owner, and takes the lock. */
  lockBh(options?: LockingOptions): void {
    const owner = this.ownerOf(options);
    takeWithBhOff(owner, () => this.acquire(owner, askingOf(this.lockBh)));
  }

  /** Gives the lock back, and enables soft interrupts, unless they were disabled before. */
  unlockBh(options?: LockingOptions): void {
    const owner = this.ownerOf(options);
    restoreAfter(
      () => this.release(owner, askingOf(this.unlockBh)),
      () => owner?.softirqEnable(),
    );
  }
}

export class SpinLock extends SpinningLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(SPIN);
  readonly #sleeps: boolean;

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SpinLockOptions = {}) {
    const realtime = options?.realtime ?? false;
    super(name, options, making(SPIN, 'spin', new.target, { realtime }));
    if (typeof realtime !== 'boolean') {
      throw new TypeError(`realtime: expected true or false, got ${shown(realtime)}`);
    }
    this.#sleeps = realtime;
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a SpinLock, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): SpinLock {
    return rebuild(SpinLock, SPIN, { handle, options });
  }

  protected override take(wait: Wait): boolean {
    return this.#sleeps ? sleepForWord(wait, STATE, this.own) : super.take(wait);
  }
}

export class RawSpinLock extends SpinningLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(RAW);

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SharedLockOptions = {}) {
    super(name, options, making(RAW, 'raw_spin', new.target));
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a RawSpinLock, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): RawSpinLock {
    return rebuild(RawSpinLock, RAW, { handle, options });
  }
}

function making(type: LockType, kind: string, below: unknown, traits: LockMaking['traits'] = {}): LockMaking {
  return { type, kind, below, traits };
}
