/**
 * The threads of a space. Each has a slot, a number that stands in the words of the locks it holds or waits for; so whoever
 * finds a lock taken can tell who has it, and whether he is still there. A slot is given to another thread once no lock can name
 * the one who had it.
 */
import { stopwatch } from '../../../state/profile.ts';
import { Head, MOST_THREADS, Row, rowOf, ThreadState } from './layout.ts';
import { describeThread, isAlive, type ThreadId, thisThread } from './platform.ts';

/** Milliseconds before the same thread is looked for again. */
const LOOK_AGAIN_MS = 1;

export class Threads {
  readonly words: Int32Array;
  /** The slot of this thread. */
  readonly own: number;
  /** Where the row of this thread begins. */
  readonly row: number;
  readonly #lookedAt = new Float64Array(MOST_THREADS + 1);

  /**
   * @param slot that of this thread, where it has one already
   * @throws RangeError if there is no free slot
   */
  constructor(words: Int32Array, slot?: number) {
    this.words = words;
    this.own = slot ?? this.#take();
    this.row = rowOf(this.own);
  }

  /** Tells this thread from all that had its slot before. */
  get join(): number {
    return this.words[this.row + Row.JOIN] as number;
  }

  /** The highest slot that may be in use. */
  get highest(): number {
    return Atomics.load(this.words, Head.THREADS);
  }

  /** True if the thread has ended. Asks the operating system now and then. */
  isDead(slot: number): boolean {
    if (slot === this.own) {
      return false;
    }
    const state = this.#state(slot);
    if (state !== ThreadState.LIVE) {
      return state === ThreadState.DEAD;
    }
    const now = stopwatch();
    if (now - (this.#lookedAt[slot] as number) < LOOK_AGAIN_MS) {
      return false;
    }
    this.#lookedAt[slot] = now;
    return isAlive(this.idOf(slot)) === false && this.end(slot);
  }

  /** True if the thread is known to have ended. One load. */
  isKnownDead(slot: number): boolean {
    return this.#state(slot) === ThreadState.DEAD;
  }

  idOf(slot: number): ThreadId {
    const row = rowOf(slot);
    return { tid: this.words[row + Row.TID] as number, started: this.words[row + Row.STARTED] as number };
  }

  /** Says that a thread has ended. @returns true: it has */
  end(slot: number): true {
    const row = rowOf(slot);
    if (Atomics.compareExchange(this.words, row + Row.STATE, ThreadState.LIVE, ThreadState.DEAD) === ThreadState.LIVE) {
      Atomics.add(this.words, Head.DEATHS, 1);
      this.#freeIfUnnamed(row);
    }
    return true;
  }

  /** Says that the thread of Node with this number has ended. */
  endThread(threadId: number): void {
    for (let slot = 1; slot <= this.highest; slot++) {
      if (this.words[rowOf(slot) + Row.THREAD] === threadId + 1 && slot !== this.own) {
        this.end(slot);
      }
    }
  }

  /** One word more names this thread, or one less. */
  owe(words: 1 | -1): void {
    (this.words[this.row + Row.DEBT] as number) += words;
  }

  /** A lock names a thread that has ended no more. */
  forgive(slot: number): void {
    const row = rowOf(slot);
    Atomics.sub(this.words, row + Row.DEBT, 1);
    this.#freeIfUnnamed(row);
  }

  #state(slot: number): number {
    return Atomics.load(this.words, rowOf(slot) + Row.STATE);
  }

  #freeIfUnnamed(row: number): void {
    if (Atomics.load(this.words, row + Row.DEBT) === 0) {
      Atomics.compareExchange(this.words, row + Row.STATE, ThreadState.DEAD, ThreadState.FREE);
    }
  }

  #take(): number {
    let slot = this.#takeFree();
    if (slot === undefined) {
      this.#findDead();
      slot = this.#takeFree();
    }
    if (slot === undefined) {
      throw new RangeError(
        `shared locks: ${MOST_THREADS} threads use them already, or ended while a lock named them; end threads when they hold nothing`,
      );
    }
    return slot;
  }

  /** Slots of threads whose end nobody has noticed yet. */
  #findDead(): void {
    for (let slot = 1; slot <= MOST_THREADS; slot++) {
      this.isDead(slot);
    }
  }

  #takeFree(): number | undefined {
    for (let slot = 1; slot <= MOST_THREADS; slot++) {
      const state = rowOf(slot) + Row.STATE;
      if (Atomics.compareExchange(this.words, state, ThreadState.FREE, ThreadState.JOINING) === ThreadState.FREE) {
        this.#fill(slot);
        return slot;
      }
    }
    return undefined;
  }

  #fill(slot: number): void {
    const { words } = this;
    const row = rowOf(slot);
    words.fill(0, row + 1, row + Row.HOLDINGS);
    const { tid, started } = thisThread();
    words[row + Row.TID] = tid;
    words[row + Row.STARTED] = started;
    words[row + Row.THREAD] = describeThread(slot).thread;
    words[row + Row.JOIN] = Atomics.add(words, Head.NEXT_JOIN, 1) + 1;
    for (let highest = this.highest; highest < slot; highest = this.highest) {
      Atomics.compareExchange(words, Head.THREADS, highest, slot);
    }
    Atomics.store(words, row + Row.STATE, ThreadState.LIVE);
  }
}
