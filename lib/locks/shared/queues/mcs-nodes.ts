/**
 * The nodes of threads in the queues of locks: each waiter spins on a word of its own. A node stands in the row of its thread, so
 * whoever finds its number in a lock knows whose it is. Four for each thread: one waits, and one more stays behind in a queue for
 * each wait that was given up, until the others have passed over it.
 */
import { NODE_WORDS, NODES_PER_THREAD, Row, rowOf } from '../memory/layout.ts';
import type { QueueThreads } from '../memory/slots.ts';

/** What a node is in; the bits above count its uses, so that a late change of an earlier use fails. */
export const Phase = { FREE: 0, WAITING: 1, GRANTED: 2, ABANDONED: 3 } as const;

const PHASE = 0x3;
const TURN_SHIFT = 2;
const Field = { NEXT: 0, BEFORE: 1, STATE: 2 } as const;
/** Bits of the number of a node. */
export const NODE_BITS = 10;
const NODE = (1 << NODE_BITS) - 1;

export class McsNodes {
  readonly #words: Int32Array;
  readonly #threads: QueueThreads;

  constructor(threads: QueueThreads) {
    this.#words = threads.words;
    this.#threads = threads;
  }

  /** A node of this thread for a new wait; 0 where all still stand in queues. */
  take(): number {
    for (let index = 0; index < NODES_PER_THREAD; index++) {
      const node = this.#threads.own * NODES_PER_THREAD + index;
      const state = this.state(node);
      // A wait of this thread may stand around this one: a handler of reports that takes a lock.
      if ((state & PHASE) === Phase.FREE) {
        Atomics.store(this.#words, at(node, Field.NEXT), 0);
        Atomics.store(this.#words, at(node, Field.STATE), (((state >> TURN_SHIFT) + 1) << TURN_SHIFT) | Phase.WAITING);
        return node;
      }
    }
    return 0;
  }

  free(node: number): void {
    Atomics.and(this.#words, at(node, Field.STATE), ~PHASE);
  }

  state(node: number): number {
    return Atomics.load(this.#words, at(node, Field.STATE));
  }

  isIn(node: number, phase: number): boolean {
    return (this.state(node) & PHASE) === phase;
  }

  /** Goes on from a state in which it was seen waiting. False where it is in another one by now. */
  change(node: number, seen: number, phase: number): boolean {
    const to = (seen & ~PHASE) | phase;
    return (
      (seen & PHASE) === Phase.WAITING && Atomics.compareExchange(this.#words, at(node, Field.STATE), seen, to) === seen
    );
  }

  before(node: number): number {
    return Atomics.load(this.#words, at(node, Field.BEFORE));
  }

  setBefore(node: number, before: number): void {
    Atomics.store(this.#words, at(node, Field.BEFORE), before);
  }

  /** Tells one node who is behind it. */
  hint(before: number, node: number): void {
    Atomics.store(this.#words, at(before, Field.NEXT), this.#hintOf(node));
  }

  /** The node of a queue that ends with `tail` which comes behind that one; the first of all where that one is not in it. */
  behind(node: number, tail: number): number {
    return node === 0 ? this.#walk(node, tail) : (this.#hinted(node) ?? this.#walk(node, tail));
  }

  #hintOf(node: number): number {
    return ((this.state(node) >> TURN_SHIFT) << NODE_BITS) | node;
  }

  // A hint that comes late may be of an earlier use of either node.
  #hinted(node: number): number | undefined {
    const hint = Atomics.load(this.#words, at(node, Field.NEXT));
    const behind = hint & NODE;
    const holds =
      behind !== 0 && this.isIn(behind, Phase.WAITING) && this.#hintOf(behind) === hint && this.before(behind) === node;
    return holds ? behind : undefined;
  }

  #walk(node: number, tail: number): number {
    let found = tail;
    // Others may change the queue meanwhile where this one has no right to it: then what is found is refused later.
    for (let steps = 0; steps <= NODE; steps++) {
      const before = this.before(found);
      if (before === node || before === 0) {
        return found;
      }
      found = before;
    }
    return found;
  }
}

/** A thread that gets the slot waits nowhere. What was given up still stands in a queue. */
export function freeNodesOf(words: Int32Array, slot: number): void {
  for (let index = 0; index < NODES_PER_THREAD; index++) {
    const state = at(slot * NODES_PER_THREAD + index, Field.STATE);
    if (((words[state] as number) & PHASE) !== Phase.ABANDONED) {
      Atomics.and(words, state, ~PHASE);
    }
  }
}

/** Slot of the thread whose node it is. */
export function slotOfNode(node: number): number {
  return Math.floor(node / NODES_PER_THREAD);
}

function at(node: number, field: number): number {
  return rowOf(slotOfNode(node)) + Row.NODES + (node % NODES_PER_THREAD) * NODE_WORDS + field;
}
