/**
 * The queue of a queued spin lock, from the third comer on (J. Mellor-Crummey, M. Scott, "Algorithms for Scalable Synchronization on
 * Shared-Memory Multiprocessors", 1991), such that a thread may end, or give up, at any instruction. Where it differs: a node
 * names the one before it before it becomes the tail, so the queue can always be read from there, and the link to the next is only
 * a hint; and the head of the queue stands in a word of the lock, so that a node that was made the head and not told so is no loss.
 * Nodes leave at the head only. A head that lives moves on by itself; one that has ended or gave up is moved by others, one at a time.
 */

import { leaveGuard, tryGuard } from '../memory/guard.ts';
import { LOCK_HEAD_WORDS } from '../memory/layout.ts';
import type { QueueThreads } from '../memory/slots.ts';
import { pauseFor } from '../waiting/backoff.ts';
import { McsNodes, NODE_BITS, Phase, slotOfNode } from './mcs-nodes.ts';

/** Who holds the lock, who is the next, and in the upper half the tail of the queue. */
export const STATE: number = LOCK_HEAD_WORDS;
/** The head of the queue, and above it how often that changed. */
const HEAD = STATE + 1;
/** Who moves a head that cannot move by itself. */
const GUARD = STATE + 2;

export const QUEUE_WORDS = 3;

const SLOT = 0xff;
const NODE = (1 << NODE_BITS) - 1;
const TAIL_SHIFT = 16;
/** All of the word but the tail. */
const FRONT = 0xffff;

export class McsQueue {
  readonly #words: Int32Array;
  readonly #threads: QueueThreads;
  readonly #nodes: McsNodes;

  constructor(words: Int32Array, threads: QueueThreads) {
    this.#words = words;
    this.#threads = threads;
    this.#nodes = new McsNodes(threads);
  }

  /** Queues up. @returns the node; 0 where this thread has none left */
  join(): number {
    const words = this.#words;
    const node = this.#nodes.take();
    for (let isIn = node === 0; !isIn; ) {
      const state = Atomics.load(words, STATE);
      const before = tailOf(state);
      this.#nodes.setBefore(node, before);
      isIn = Atomics.compareExchange(words, STATE, state, (state & FRONT) | (node << TAIL_SHIFT)) === state;
      if (isIn && before !== 0) {
        this.#nodes.hint(before, node);
      }
    }
    const head = Atomics.load(words, HEAD);
    if (node !== 0 && nodeOf(head) === 0 && this.#nodes.before(node) === 0) {
      Atomics.compareExchange(words, HEAD, head, withNode(head, node));
    }
    return node;
  }

  /** True once the node was told that it is the head: it spins on this word of its own. */
  isGranted(node: number): boolean {
    return this.#nodes.isIn(node, Phase.GRANTED);
  }

  /** True if it is the head, whether it was told or not. */
  isHead(node: number): boolean {
    return nodeOf(Atomics.load(this.#words, HEAD)) === node;
  }

  /** The head leaves: the next one is told. If it was the tail too, it is that no more. */
  leave(node: number): void {
    const words = this.#words;
    const nodes = this.#nodes;
    const head = Atomics.load(words, HEAD);
    const tail = tailOf(Atomics.load(words, STATE));
    const behind = tail === 0 ? 0 : nodes.behind(node, tail);
    const isLive = this.#moveHead(head, behind);
    nodes.free(node);
    if (!isLive || (behind === 0 && tailOf(Atomics.load(words, STATE)) !== 0)) {
      this.repair();
    }
  }

  /** Leaves without the lock, wherever it stands. */
  giveUp(node: number): void {
    const nodes = this.#nodes;
    if (nodes.change(node, nodes.state(node), Phase.ABANDONED)) {
      this.repair();
      return;
    }
    const words = this.#words;
    let state = Atomics.load(words, STATE);
    while (tailOf(state) === node && Atomics.compareExchange(words, STATE, state, state & FRONT) !== state) {
      state = Atomics.load(words, STATE);
    }
    this.leave(node);
  }

  /** True if somebody else has to move the head. May ask the system whether its thread has ended. */
  get isStuck(): boolean {
    const head = nodeOf(Atomics.load(this.#words, HEAD));
    return head === 0 ? tailOf(Atomics.load(this.#words, STATE)) !== 0 : this.#isGone(head);
  }

  /** Moves the head on until it is one that moves by itself. */
  repair(): void {
    const words = this.#words;
    for (let round = 1; this.isStuck; round++) {
      if (tryGuard(words, GUARD, this.#threads)) {
        while (this.isStuck) {
          this.#moveOn();
        }
        leaveGuard(words, GUARD, this.#threads);
      } else {
        pauseFor(round);
      }
    }
  }

  // Inside the guard. Does nothing where the head has moved meanwhile.
  #moveOn(): void {
    const words = this.#words;
    const head = Atomics.load(words, HEAD);
    const node = nodeOf(head);
    const state = Atomics.load(words, STATE);
    let tail = tailOf(state);
    if (node === 0) {
      if (tail !== 0) {
        this.#moveHead(head, this.#nodes.behind(0, tail));
      }
      return;
    }
    // First whether it has ended: then its node changes no more. And what that says is of this use only while it is the head.
    const isDead = this.#threads.isDead(slotOfNode(node));
    const isAbandoned = this.#nodes.isIn(node, Phase.ABANDONED);
    if (!(isDead || isAbandoned) || Atomics.load(words, HEAD) !== head) {
      return;
    }
    // Who ended as the holder is named by that too, until the lock is recovered; that may be as soon as the head has moved.
    const isNamed = isAbandoned || (Atomics.load(words, STATE) & SLOT) === slotOfNode(node);
    if (tail === node) {
      if (Atomics.compareExchange(words, STATE, state, state & FRONT) !== state) {
        return;
      }
      tail = 0;
    }
    this.#moveHead(head, tail === 0 ? 0 : this.#nodes.behind(node, tail));
    this.#nodes.free(node);
    if (!isNamed) {
      this.#threads.forgive(slotOfNode(node));
    }
  }

  /** @returns false where the new head cannot go on by itself, or another one was there first */
  #moveHead(head: number, to: number): boolean {
    const state = to === 0 ? 0 : this.#nodes.state(to);
    if (Atomics.compareExchange(this.#words, HEAD, head, withNode(head, to)) !== head) {
      return false;
    }
    // Told before the node that leaves is free: a node behind a free one waits no more.
    return to === 0 || (this.#nodes.change(to, state, Phase.GRANTED) && !this.#threads.isKnownDead(slotOfNode(to)));
  }

  #isGone(node: number): boolean {
    return this.#nodes.isIn(node, Phase.ABANDONED) || this.#threads.isDead(slotOfNode(node));
  }
}

export function tailOf(state: number): number {
  return state >>> TAIL_SHIFT;
}

function nodeOf(head: number): number {
  return head & NODE;
}

function withNode(head: number, node: number): number {
  return (((head >> NODE_BITS) + 1) << NODE_BITS) | node;
}
