/**
 * The words of a ticket lock: first come, first served. Whoever comes draws the next ticket, and enters when it is served.
 * A ticket is never nobody's: it is drawn by writing it, with the slot of the thread, into a ring; whoever finds it there counts
 * it as drawn. So a thread may end between any two instructions: tickets of threads that have ended, or gave up, are passed over.
 * Numbers of tickets are cut to the 22 bits that fit an entry, 64 times as many as the 16 of Linux: a thread that stands still
 * while all numbers are drawn must not take an old entry for the one that it knew.
 * Costs two atomic operations to enter, one store to leave. A wait without a free place in the ring is not in order: only threads
 * that gave up again and again fill it.
 */
import { LOCK_HEAD_WORDS } from '../memory/layout.ts';
import { LOOK_EVERY, type Pausing, type QueueThreads } from '../memory/slots.ts';

/** Places in the ring, a power of two: one for each thread, and one for nobody. */
const PLACES = 256;
/** Counters of all tickets that were drawn, and of all that were served. */
const NEXT = LOCK_HEAD_WORDS;
const SERVING = NEXT + 1;
const RING = SERVING + 1;

export const TICKET_WORDS: number = 2 + PLACES;

const SLOT = 0xff;
const STATE = 0x300;
const State = { WAITING: 0, GAVE_UP: 0x100, ENTERED: 0x200 } as const;
const NUMBER = 0x3f_ffff;
const NUMBER_SHIFT = 10;

/** Instead of a ticket. */
const None = { MISSED: -1, FULL: -2 } as const;
type Draw = { readonly ticket: number } | (typeof None)[keyof typeof None];

export class TicketQueue {
  readonly #words: Int32Array;
  readonly #threads: QueueThreads;
  readonly #lookEvery: number;

  constructor(words: Int32Array, threads: QueueThreads, lookEvery: number = LOOK_EVERY) {
    this.#words = words;
    this.#threads = threads;
    this.#lookEvery = lookEvery;
  }

  /** Slot of the thread that has entered; 0 where nobody has. */
  holderSlot(): number {
    const serving = Atomics.load(this.#words, SERVING);
    const entry = this.#entry(serving);
    const isInside = isOf(entry, serving) && (entry & STATE) === State.ENTERED;
    return isInside && Atomics.load(this.#words, SERVING) === serving ? entry & SLOT : 0;
  }

  /** Enters if nobody is inside or waits. */
  tryTake(): boolean {
    if (this.#tryEnter()) {
      return true;
    }
    return this.#passOver(true) && this.#tryEnter();
  }

  /** Enters in the order of arrival. @throws what ends the wait: the ticket is then given up */
  take(wait: Pausing): void {
    const ticket = this.#drawn(wait);
    try {
      for (let round = 1; Atomics.load(this.#words, SERVING) !== ticket; round++) {
        wait.spin();
        this.#passOver(round % this.#lookEvery === 0);
      }
    } catch (error) {
      this.#write(ticket, State.GAVE_UP);
      this.#passOver(false);
      throw error;
    }
    this.#write(ticket, State.ENTERED);
  }

  /** Leaves: the next one is served. */
  give(): void {
    Atomics.store(this.#words, SERVING, next(Atomics.load(this.#words, SERVING)));
    this.#passOver(false);
  }

  /** Enters in the place of a thread that has ended inside. False where somebody else was first. */
  takeOver(dead: number): boolean {
    const serving = Atomics.load(this.#words, SERVING);
    const entry = this.#entry(serving);
    if (!isOf(entry, serving) || (entry & (STATE | SLOT)) !== (State.ENTERED | dead)) {
      return false;
    }
    // It may have ended before it counted its ticket.
    Atomics.compareExchange(this.#words, NEXT, serving, next(serving));
    const own = entryOf(serving, State.ENTERED, this.#threads.own);
    return Atomics.compareExchange(this.#words, placeOf(serving), entry, own) === entry;
  }

  #tryEnter(): boolean {
    const words = this.#words;
    const ticket = Atomics.load(words, NEXT);
    if (Atomics.load(words, SERVING) !== ticket) {
      return false;
    }
    const before = this.#entry(ticket);
    if (!isOfLapBefore(before, ticket) || !this.#replace(ticket, before, State.ENTERED)) {
      return false;
    }
    Atomics.compareExchange(words, NEXT, ticket, next(ticket));
    return true;
  }

  #drawn(wait: Pausing): number {
    for (let round = 1; ; round++) {
      const draw = this.#draw();
      if (typeof draw === 'object') {
        return draw.ticket;
      }
      if (draw === None.FULL) {
        wait.spin();
        this.#passOver(round % this.#lookEvery === 0);
      }
    }
  }

  #draw(): Draw {
    const words = this.#words;
    const ticket = Atomics.load(words, NEXT);
    const before = this.#entry(ticket);
    if (isOf(before, ticket)) {
      // Drawn, and not counted yet.
      Atomics.compareExchange(words, NEXT, ticket, next(ticket));
      return None.MISSED;
    }
    if (((ticket - Atomics.load(words, SERVING)) | 0) >= PLACES) {
      return None.FULL;
    }
    if (!isOfLapBefore(before, ticket) || !this.#replace(ticket, before, State.WAITING)) {
      return None.MISSED;
    }
    Atomics.compareExchange(words, NEXT, ticket, next(ticket));
    return { ticket };
  }

  /**
   * Serves the next ticket as long as the served one is that of a thread that gave up, or ended before it entered.
   * @param looks whether the system is asked if it has ended
   * @returns whether there was one
   */
  #passOver(looks: boolean): boolean {
    const words = this.#words;
    for (let count = 0; ; count++) {
      const serving = Atomics.load(words, SERVING);
      const entry = this.#entry(serving);
      if (!isOf(entry, serving) || !this.#isGone(entry, looks)) {
        return count > 0;
      }
      // It may have entered, and ended only then.
      if (this.#entry(serving) !== entry) {
        continue;
      }
      Atomics.compareExchange(words, NEXT, serving, next(serving));
      const isFirst = Atomics.compareExchange(words, SERVING, serving, next(serving)) === serving;
      if (isFirst && (entry & STATE) === State.WAITING) {
        this.#threads.forgive(entry & SLOT);
      }
    }
  }

  #isGone(entry: number, looks: boolean): boolean {
    const state = entry & STATE;
    if (state !== State.WAITING) {
      return state === State.GAVE_UP;
    }
    const slot = entry & SLOT;
    return looks ? this.#threads.isDead(slot) : this.#threads.isKnownDead(slot);
  }

  #entry(ticket: number): number {
    return Atomics.load(this.#words, placeOf(ticket));
  }

  #replace(ticket: number, before: number, state: number): boolean {
    const own = entryOf(ticket, state, this.#threads.own);
    return Atomics.compareExchange(this.#words, placeOf(ticket), before, own) === before;
  }

  #write(ticket: number, state: number): void {
    Atomics.store(this.#words, placeOf(ticket), entryOf(ticket, state, this.#threads.own));
  }
}

function next(ticket: number): number {
  return (ticket + 1) | 0;
}

function placeOf(ticket: number): number {
  return RING + (ticket & (PLACES - 1));
}

function entryOf(ticket: number, state: number, slot: number): number {
  return (ticket << NUMBER_SHIFT) | state | slot;
}

function isOf(entry: number, ticket: number): boolean {
  return (entry & SLOT) !== 0 && entry >>> NUMBER_SHIFT === (ticket & NUMBER);
}

/** True if the entry is that of the ticket which had its place before. */
function isOfLapBefore(entry: number, ticket: number): boolean {
  return entry === 0 || isOf(entry, ticket - PLACES);
}
