/**
 * A queued spin lock, as Linux has it: first come, first served, and each waiter spins on a word of its own, so a release disturbs
 * one of them and not all. The second comer needs no place in the queue.
 * A thread that ends, or gives up, while it waits is passed over. One that ends with the lock leaves it to `recover()`. A thread that
 * gave up four waits which nobody has passed over yet waits without a place, out of order.
 */

import { type RebuildOptions, rebuild, type SharedLockOptions } from './base/shared-lock.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { QUEUED_WORDS, QueuedWords } from './queues/queued-words.ts';
import { SpinningLock } from './spin-lock.ts';
import type { Wait } from './waiting/wait.ts';

const TYPE: LockType = { code: 4, name: 'QueuedSpinLock', words: QUEUED_WORDS };

export class QueuedSpinLock extends SpinningLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);
  readonly goesInTurn: boolean = true;
  readonly #state: QueuedWords = new QueuedWords(this.words, this.space.threads);

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SharedLockOptions = {}) {
    super(name, options, { type: TYPE, kind: 'spin', below: new.target });
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a QueuedSpinLock, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): QueuedSpinLock {
    return rebuild(QueuedSpinLock, TYPE, { handle, options });
  }

  override holderSlot(): number {
    return this.#state.holderSlot();
  }

  protected override tryTake(): boolean {
    return this.#state.tryTake();
  }

  protected override take(wait: Wait): boolean {
    this.#state.take(wait);
    return true;
  }

  protected override give(): void {
    this.#state.give();
  }

  protected override takeOver(dead: number): boolean {
    return this.#state.takeOver(dead);
  }
}
