/**
 * Spinlocks with interrupt levels and an order, as in M. Rieker's "Spinlocks Part II": a lock of low priority leaves all interrupts on,
 * one of an IRQ level keeps that IRQ and all less urgent ones from its holder, one of high priority keeps all away. And a lock may have
 * a level: whoever asks for one whose level is not greater than that of every lock that he holds panics on the spot, before
 * he waits, with nothing taken. A try does not wait, and is not held to the order.
 * Handlers are what the program says they are: `owner.enter('irq1')` and `owner.exit('irq1')`. Where nothing is checked, neither levels
 * nor interrupts are looked at, though the names of the interrupts are known: it is a plain spinlock then.
 * Where it is checked, a lock that keeps interrupts away costs about a hundred times as much as one that does not: each request is looked at,
 * with the place of the caller, as for any class that inhibits contexts.
 */

import { isOff } from '../../off-switch.ts';
import { checkObject } from '../../options.ts';
import { defaultLockdep } from '../../owner/default.ts';
import type { Owner } from '../../owner.ts';
import { LockdepError } from '../../policy.ts';
import { levelOrder } from '../../rules/level-order.ts';
import { shown } from '../../shown.ts';
import type { ChainNode } from '../../state/chains.ts';
import { captureSite } from '../../state/site.ts';
import { type LockMaking, type RebuildOptions, rebuild, type SharedLockOptions } from './base/shared-lock.ts';
import type { Asking } from './base/thread-witness.ts';
import { defineIrqLevels, IRQ_PRIORITIES, type IrqPriority, inhibitedBy } from './irq-levels.ts';
import { LevelOrderError } from './level-order-error.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { SpinningLock } from './spin-lock.ts';

const TYPE: LockType = { code: 12, name: 'IrqLevelLock', words: 1 };

export interface IrqLevelLockOptions extends SharedLockOptions {
  /** Which interrupts its holder is kept from: none (`low`), those of an IRQ, 0 to 7, and all less urgent ones, or all (`high`). */
  readonly priority: IrqPriority;
  /**
   * Whether a request against the order of levels throws. If not, it is reported like anything else, and the lock is taken.
   * @default true
   */
  readonly panics?: boolean;
}

export class IrqLevelLock extends SpinningLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);
  readonly priority: IrqPriority;
  readonly #panics: boolean;

  /**
   * @param name of its class; by default the place where it is made
   * @throws TypeError if the priority is none, or `panics` is neither true nor false
   */
  constructor(name: string | undefined, options: IrqLevelLockOptions) {
    super(name, options, making(options, new.target));
    this.priority = options.priority;
    this.#panics = options.panics ?? true;
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of an IrqLevelLock, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): IrqLevelLock {
    return rebuild(IrqLevelLock, TYPE, { handle, options });
  }

  /** @throws LevelOrderError if its level is not greater than that of every lock that the owner holds: nothing is taken */
  protected override acquire(owner: Owner | null, asking: Asking, timeout?: number): boolean {
    // What it holds already is `recursion`, and told as such.
    if (this.#panics && owner !== null && isBelow(owner, this.#level) && !this.isHeldBy(owner)) {
      this.#panic(owner, asking.caller);
    }
    return super.acquire(owner, asking, timeout);
  }

  get #level(): number | null {
    return this.instance?.class.traits.level ?? null;
  }

  #panic(owner: Owner, caller: unknown): void {
    const { witness, instance } = this;
    if (witness === null || instance === null || !witness.lockdep.isOn('level-order')) {
      return;
    }
    const { lockdep } = witness;
    const what = { lock: instance, class: instance.class, mode: 'exclusive', units: 1, try: false } as const;
    const attempt = { ...what, owner, held: owner.entries(), tentative: false, site: captureSite(caller) };
    const [violation] = levelOrder(lockdep.state, attempt);
    if (violation === undefined) {
      return;
    }
    try {
      lockdep.during(() => lockdep.judge([levelOrder], attempt));
    } catch (error) {
      if (!(error instanceof LockdepError)) {
        throw error;
      }
    }
    throw new LevelOrderError(violation);
  }
}

/** True if the owner holds a lock of this level or a greater one. A walk over what it holds, which allocates nothing. */
function isBelow(owner: Owner, level: number | null): boolean {
  if (level === null) {
    return false;
  }
  for (let node: ChainNode | null = owner.chain; node !== null; node = node.parent) {
    const other = node.class?.traits.level ?? null;
    if (other !== null && other >= level) {
      return true;
    }
  }
  return false;
}

function making(options: IrqLevelLockOptions, below: unknown): LockMaking {
  checkObject('options', options);
  const { lockdep, priority, panics = true } = options;
  if (!IRQ_PRIORITIES.includes(priority)) {
    throw new TypeError(`priority: expected one of ${IRQ_PRIORITIES.join(', ')}, got ${shown(priority)}`);
  }
  if (typeof panics !== 'boolean') {
    throw new TypeError(`panics: expected true or false, got ${shown(panics)}`);
  }
  const base = { type: TYPE, kind: 'raw_spin', below, traits: { priority, panics } };
  const checker = lockdep ?? defaultLockdep();
  // Also where nothing is checked: handlers are simulated there all the same.
  defineIrqLevels(checker);
  const isChecked = !checker.isOff && (lockdep !== undefined || !isOff());
  return isChecked ? { ...base, declared: { inhibits: inhibitedBy(priority, checker) } } : base;
}
