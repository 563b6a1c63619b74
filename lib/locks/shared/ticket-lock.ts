/**
 * A ticket lock: whoever comes draws a number, and gets the lock when it is called. First come, first served, where the simple lock
 * favours the one whose processor has the word. All waiters spin on one word, which each release changes for all of them.
 * A thread that ends, or gives up, while it waits is passed over. One that ends with the lock leaves it to `recover()`.
 */

import { type RebuildOptions, rebuild, type SharedLockOptions } from './base/shared-lock.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import { TICKET_WORDS, TicketQueue } from './queues/ticket-queue.ts';
import { SpinningLock } from './spin-lock.ts';
import type { Wait } from './waiting/wait.ts';

const TYPE: LockType = { code: 3, name: 'TicketLock', words: TICKET_WORDS };

export class TicketLock extends SpinningLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);
  readonly goesInTurn: boolean = true;
  readonly #queue: TicketQueue = new TicketQueue(this.words, this.space.threads);

  /** @param name of its class; by default the place where it is made */
  constructor(name?: string, options: SharedLockOptions = {}) {
    super(name, options, { type: TYPE, kind: 'spin', below: new.target });
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of a TicketLock, or of another process or version */
  static from(handle: SharedLockHandle, options?: RebuildOptions): TicketLock {
    return rebuild(TicketLock, TYPE, { handle, options });
  }

  override holderSlot(): number {
    return this.#queue.holderSlot();
  }

  protected override tryTake(): boolean {
    return this.#queue.tryTake();
  }

  protected override take(wait: Wait): boolean {
    this.#queue.take(wait);
    return true;
  }

  protected override give(): void {
    this.#queue.give();
  }

  protected override takeOver(dead: number): boolean {
    return this.#queue.takeOver(dead);
  }
}
