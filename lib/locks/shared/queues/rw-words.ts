/**
 * The words of a read-write spin lock: how often each thread reads, and one word for the writer. So each state names its threads, and
 * a thread may end between any two instructions. Readers do not disturb each other: each writes a word of its own.
 * A reader counts itself in, and then looks for a writer; a writer says that it is there, and then looks for readers: one of
 * them sees the other. Costs a reader two atomic operations, a writer three and a look at the words of all threads.
 */
import { LOCK_HEAD_WORDS, MOST_THREADS } from '../memory/layout.ts';
import { LOOK_EVERY, type Pausing, type QueueThreads } from '../memory/slots.ts';

const WRITER = LOCK_HEAD_WORDS;
/** The count of slot 1 is one behind: no thread has slot 0. */
const COUNTS = WRITER;

export const RW_WORDS: number = 1 + MOST_THREADS;

const SLOT = 0xff;
/** What the writer in the word does: it waits, or looks whether readers are left, or writes. */
const Phase = { WAITS: 0x100, LOOKS: 0x200, WRITES: 0x400 } as const;

/** What stops a reader. A thread that reads already must not be stopped: the writer would wait for it. */
export const Stop = { ANY_WRITER: 0x700, NO_WAITING_WRITER: 0x600, WRITING: 0x400 } as const;

export class RwWords {
  readonly #words: Int32Array;
  readonly #threads: QueueThreads;
  readonly #lookEvery: number;

  constructor(words: Int32Array, threads: QueueThreads, lookEvery: number = LOOK_EVERY) {
    this.#words = words;
    this.#threads = threads;
    this.#lookEvery = lookEvery;
  }

  /** Slot of the thread that writes; 0 where nobody does. */
  writerSlot(): number {
    const writer = this.#writer;
    return (writer & Phase.WRITES) === 0 ? 0 : writer & SLOT;
  }

  /** How often a thread reads. */
  readsOf(slot: number): number {
    return Atomics.load(this.#words, COUNTS + slot);
  }

  /** Slots of those who have it. */
  holders(): readonly number[] {
    const writer = this.writerSlot();
    if (writer !== 0) {
      return [writer];
    }
    const readers: number[] = [];
    for (let slot = 1; slot <= this.#threads.highest; slot++) {
      if (this.readsOf(slot) > 0) {
        readers.push(slot);
      }
    }
    return readers;
  }

  /** Reads from here on, unless a writer stops it that has not ended. @param stops one of `Stop` */
  tryRead(stops: number): boolean {
    if (this.#readIfLet(stops)) {
      return true;
    }
    this.#buryWaiting();
    return this.#readIfLet(stops);
  }

  #readIfLet(stops: number): boolean {
    if ((this.#writer & stops) !== 0) {
      return false;
    }
    Atomics.add(this.#words, COUNTS + this.#threads.own, 1);
    if ((this.#writer & stops) === 0) {
      return true;
    }
    this.stopReading();
    return false;
  }

  /** Reads, however long it takes. @throws what ends the wait */
  read(wait: Pausing, stops: number): void {
    for (let round = 1; !this.#readIfLet(stops); round++) {
      wait.spin();
      this.#look(round);
    }
  }

  stopReading(): void {
    Atomics.sub(this.#words, COUNTS + this.#threads.own, 1);
  }

  /** Writes from here on if nobody reads, writes, or waits to write. */
  tryWrite(): boolean {
    if (!this.#go(0, Phase.LOOKS)) {
      this.#buryWaiting();
      if (!this.#go(0, Phase.LOOKS)) {
        return false;
      }
    }
    if (this.#isAlone() && this.#go(Phase.LOOKS, Phase.WRITES)) {
      return true;
    }
    this.#go(Phase.LOOKS, 0);
    return false;
  }

  /** Writes, however long it takes. @throws what ends the wait */
  write(wait: Pausing): void {
    try {
      for (let round = 1; !this.#advance(); round++) {
        wait.spin();
        this.#look(round);
      }
    } catch (error) {
      // A wait ends between two steps: it stands in the word as one who waits, or not at all.
      this.#go(Phase.WAITS, 0);
      throw error;
    }
  }

  stopWriting(): void {
    Atomics.store(this.#words, WRITER, 0);
  }

  /** Writes in the place of a thread that ended while it wrote. False where somebody else was first. */
  takeOver(dead: number): boolean {
    const own = this.#threads.own | Phase.WRITES;
    return Atomics.compareExchange(this.#words, WRITER, dead | Phase.WRITES, own) === (dead | Phase.WRITES);
  }

  /** A thread that ended reads no more. Does nothing where somebody else was first, and its slot may be another's. */
  bury(dead: number): void {
    if (!this.#threads.isKnownDead(dead)) {
      return;
    }
    const reads = Atomics.exchange(this.#words, COUNTS + dead, 0);
    for (let count = 0; count < reads; count++) {
      this.#threads.forgive(dead);
    }
  }

  /** One turn of a writer that waits. @returns whether it writes now */
  #advance(): boolean {
    const writer = this.#writer;
    if (writer !== (this.#threads.own | Phase.WAITS) && (writer !== 0 || !this.#go(0, Phase.WAITS))) {
      return false;
    }
    if (!this.#isAlone() || !this.#go(Phase.WAITS, Phase.LOOKS)) {
      return false;
    }
    if (this.#isAlone()) {
      return this.#go(Phase.LOOKS, Phase.WRITES);
    }
    this.#go(Phase.LOOKS, Phase.WAITS);
    return false;
  }

  get #writer(): number {
    return Atomics.load(this.#words, WRITER);
  }

  /** Goes on from one phase to the next, 0 for none. */
  #go(from: number, to: number): boolean {
    const { own } = this.#threads;
    const before = from === 0 ? 0 : from | own;
    return Atomics.compareExchange(this.#words, WRITER, before, to === 0 ? 0 : to | own) === before;
  }

  #isAlone(): boolean {
    const { highest } = this.#threads;
    for (let slot = 1; slot <= highest; slot++) {
      if (this.readsOf(slot) !== 0) {
        return false;
      }
    }
    return true;
  }

  #look(round: number): void {
    if (round % this.#lookEvery === 0) {
      this.#buryWaiting();
    }
  }

  // One that ended before it wrote has changed nothing.
  #buryWaiting(): void {
    const writer = this.#writer;
    const slot = writer & SLOT;
    if (slot === 0 || (writer & Phase.WRITES) !== 0 || !this.#threads.isDead(slot)) {
      return;
    }
    if (this.#threads.isKnownDead(slot) && Atomics.compareExchange(this.#words, WRITER, writer, 0) === writer) {
      this.#threads.forgive(slot);
    }
  }
}
