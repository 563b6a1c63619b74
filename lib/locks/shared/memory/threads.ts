/**
 * The threads of a space. Each has a slot, a number that stands in the words of the locks it holds or waits for; so whoever
 * finds a lock taken can tell who has it, and whether he is still there. A slot is given to another thread once no lock can name
 * the one who had it.
 */
import { stopwatch } from '../../../state/profile.ts';
import { freeNodesOf } from '../queues/mcs-nodes.ts';
import { Head, MOST_THREADS, Row, rowOf, ThreadState } from './layout.ts';
import { describeThread, isAlive, type ThreadId, thisThread } from './platform.ts';

/** Milliseconds before the same thread is looked for again. */
const LOOK_AGAIN_MS = 1;
/** The first word of a row: a `ThreadState`, and above it the number of the thread, so that no change meant for one hits another. */
const STATE = 0x3;
const JOIN_SHIFT = 2;

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
    const now = stopwatch();
    if (this.isLive(slot) && now - (this.#lookedAt[slot] as number) < LOOK_AGAIN_MS) {
      return false;
    }
    this.#lookedAt[slot] = now;
    return this.hasEnded(slot);
  }

  /** The same, and the operating system is asked each time. */
  hasEnded(slot: number): boolean {
    const life = this.lifeOf(slot);
    if (slot === this.own || (life & STATE) !== ThreadState.LIVE) {
      return slot !== this.own && (life & STATE) === ThreadState.DEAD;
    }
    return isAlive(this.idOf(slot)) === false && this.end(slot, life);
  }

  /** True if the thread is known to have ended. One load. */
  isKnownDead(slot: number): boolean {
    return (this.lifeOf(slot) & STATE) === ThreadState.DEAD;
  }

  /** True if there is a thread in the slot whose end nobody has noticed. One load. */
  isLive(slot: number): boolean {
    return (this.lifeOf(slot) & STATE) === ThreadState.LIVE;
  }

  /** Who has the slot, and whether he lives: another number for each thread, and for each state of it. */
  lifeOf(slot: number): number {
    return Atomics.load(this.words, rowOf(slot) + Row.STATE);
  }

  idOf(slot: number): ThreadId {
    const row = rowOf(slot);
    return { tid: this.words[row + Row.TID] as number, started: this.words[row + Row.STARTED] as number };
  }

  /**
   * Says that a thread has ended.
   * @param life what `lifeOf` said before it was found to have ended
   * @returns whether it had the slot until now, or has it still
   */
  end(slot: number, life: number = this.lifeOf(slot)): boolean {
    const row = rowOf(slot);
    const dead = (life & ~STATE) | ThreadState.DEAD;
    if ((life & STATE) !== ThreadState.LIVE) {
      return life === dead;
    }
    const found = Atomics.compareExchange(this.words, row + Row.STATE, life, dead);
    if (found === life) {
      Atomics.add(this.words, Head.DEATHS, 1);
      this.#freeIfUnnamed(row);
    }
    return found === life || found === dead;
  }

  /** Says that the thread of Node with this number has ended. */
  endThread(threadId: number): void {
    for (let slot = 1; slot <= this.highest; slot++) {
      const life = this.lifeOf(slot);
      if (this.words[rowOf(slot) + Row.THREAD] === threadId + 1 && slot !== this.own) {
        this.end(slot, life);
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

  #freeIfUnnamed(row: number): void {
    const life = Atomics.load(this.words, row + Row.STATE);
    if ((life & STATE) === ThreadState.DEAD && Atomics.load(this.words, row + Row.DEBT) === 0) {
      Atomics.compareExchange(this.words, row + Row.STATE, life, (life & ~STATE) | ThreadState.FREE);
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

  // In turn, so that a slot that has just become free is the last to be given to another thread.
  #takeFree(): number | undefined {
    const { words } = this;
    const join = Atomics.add(words, Head.NEXT_JOIN, 1) + 1;
    for (let count = 0; count < MOST_THREADS; count++) {
      const slot = ((((join - 1) >>> 0) + count) % MOST_THREADS) + 1;
      const life = this.lifeOf(slot);
      const mine = (join << JOIN_SHIFT) | ThreadState.JOINING;
      const isFree = (life & STATE) === ThreadState.FREE;
      if (isFree && Atomics.compareExchange(words, rowOf(slot) + Row.STATE, life, mine) === life) {
        this.#fill(slot, join);
        return slot;
      }
    }
    return undefined;
  }

  #fill(slot: number, join: number): void {
    const { words } = this;
    const row = rowOf(slot);
    const { tid, started } = thisThread();
    words[row + Row.TID] = tid;
    words[row + Row.STARTED] = started;
    // A turn is never used again, and who had the slot may have ended in an odd one.
    const turn = words[row + Row.WAIT_TURN] as number;
    words.fill(0, row + Row.THREAD, row + Row.HOLDINGS);
    words[row + Row.WAIT_TURN] = turn + (turn & 1);
    freeNodesOf(words, slot);
    words[row + Row.THREAD] = describeThread(slot).thread;
    words[row + Row.JOIN] = join;
    for (let highest = this.highest; highest < slot; highest = this.highest) {
      Atomics.compareExchange(words, Head.THREADS, highest, slot);
    }
    Atomics.store(words, row + Row.STATE, (join << JOIN_SHIFT) | ThreadState.LIVE);
  }
}
