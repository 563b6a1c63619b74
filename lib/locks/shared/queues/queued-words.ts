/**
 * The word of a queued spin lock, as the kernel has it, with slots in the place of its bits: who holds it, who is the next one
 * (pending), and the tail of the queue behind him. The second comer spins on this word; from the third on, each spins on a word of
 * his own, and only the first of the queue on this one. Every change is one compare-and-swap, so each state names its threads.
 * Costs one atomic operation where it is free, two for the second comer.
 */

import { LOOK_EVERY, type Pausing, type QueueThreads } from '../memory/slots.ts';
import { McsQueue, QUEUE_WORDS, STATE, tailOf } from './mcs-queue.ts';

export const QUEUED_WORDS: number = QUEUE_WORDS;

const HOLDER = 0xff;
const PENDING = 0xff00;
const PENDING_SHIFT = 8;
const FRONT = HOLDER | PENDING;

export class QueuedWords {
  readonly #words: Int32Array;
  readonly #threads: QueueThreads;
  readonly #lookEvery: number;
  readonly #queue: McsQueue;

  constructor(words: Int32Array, threads: QueueThreads, lookEvery: number = LOOK_EVERY) {
    this.#words = words;
    this.#threads = threads;
    this.#lookEvery = lookEvery;
    this.#queue = new McsQueue(words, threads);
  }

  holderSlot(): number {
    return this.#state & HOLDER;
  }

  /** Enters if nobody is inside or waits. */
  tryTake(): boolean {
    if (this.#change(0, this.#threads.own)) {
      return true;
    }
    if ((this.#state & HOLDER) !== 0) {
      return false;
    }
    this.#look();
    return this.#change(0, this.#threads.own);
  }

  /** Enters in the order of arrival. @throws what ends the wait: the place is then given up */
  take(wait: Pausing): void {
    for (;;) {
      const state = this.#state;
      if (state === 0) {
        if (this.#change(0, this.#threads.own)) {
          return;
        }
      } else if ((state & ~HOLDER) !== 0) {
        this.#takeQueued(wait);
        return;
      } else if (this.#change(state, state | (this.#threads.own << PENDING_SHIFT)) && this.#takePending(wait)) {
        return;
      }
    }
  }

  give(): void {
    this.#clear(HOLDER, this.#threads.own);
  }

  /** Enters in the place of a thread that has ended inside. False where somebody else was first. */
  takeOver(dead: number): boolean {
    const threads = this.#threads;
    // First the queue: it may have ended as its head, and is named no more when this is over.
    this.#queue.repair();
    for (let state = this.#state; (state & HOLDER) === dead && threads.isKnownDead(dead); state = this.#state) {
      if (this.#change(state, (state & ~HOLDER) | threads.own)) {
        return true;
      }
    }
    return false;
  }

  get #state(): number {
    return Atomics.load(this.#words, STATE);
  }

  #change(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, STATE, from, to) === from;
  }

  #clear(part: number, value: number): void {
    let state = this.#state;
    while ((state & part) === value && !this.#change(state, state & ~part)) {
      state = this.#state;
    }
  }

  // False where it was taken for a thread that has ended, and has to come again.
  #takePending(wait: Pausing): boolean {
    const { own } = this.#threads;
    try {
      for (let state = this.#state; (state & PENDING) === own << PENDING_SHIFT; state = this.#state) {
        if ((state & HOLDER) !== 0) {
          wait.spin();
        } else if (this.#change(state, (state & ~FRONT) | own)) {
          return true;
        }
      }
      return false;
    } catch (error) {
      this.#clear(PENDING, own << PENDING_SHIFT);
      throw error;
    }
  }

  #takeQueued(wait: Pausing): void {
    const node = this.#queue.join();
    if (node === 0) {
      this.#takeUnqueued(wait);
      return;
    }
    try {
      this.#waitToBeHead(node, wait);
      this.#waitForWord(node, wait);
    } catch (error) {
      this.#queue.giveUp(node);
      throw error;
    }
    this.#queue.leave(node);
  }

  #waitToBeHead(node: number, wait: Pausing): void {
    const queue = this.#queue;
    if (queue.isHead(node)) {
      return;
    }
    for (let round = 1; !queue.isGranted(node); round++) {
      wait.spin();
      if (round % this.#lookEvery === 0) {
        if (queue.isHead(node)) {
          return;
        }
        queue.repair();
      }
    }
  }

  #waitForWord(node: number, wait: Pausing): void {
    for (let round = 1; ; round++) {
      const state = this.#state;
      if ((state & FRONT) !== 0) {
        wait.spin();
        if (round % this.#lookEvery === 0) {
          this.#buryPending();
        }
      } else if (this.#change(state, (tailOf(state) === node ? 0 : state) | this.#threads.own)) {
        return;
      }
    }
  }

  // So does the kernel where a processor has no node left. Not in the order of arrival.
  #takeUnqueued(wait: Pausing): void {
    for (let round = 1; !this.#change(0, this.#threads.own); round++) {
      wait.spin();
      if (round % this.#lookEvery === 0) {
        this.#look();
      }
    }
  }

  #look(): void {
    this.#buryPending();
    this.#queue.repair();
  }

  #buryPending(): void {
    const state = this.#state;
    const pending = (state & PENDING) >> PENDING_SHIFT;
    const threads = this.#threads;
    const isGone = pending !== 0 && threads.isDead(pending) && threads.isKnownDead(pending);
    if (isGone && this.#change(state, state & ~PENDING)) {
      threads.forgive(pending);
    }
  }
}
