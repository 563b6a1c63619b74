/**
 * Virtual threads that take a lock one after the other, for `Interleavings`: what is inside, who came when, who gave up.
 */
import { Row, rowOf } from '../../lib/locks/shared/memory/layout.ts';
import type { Pausing, QueueThreads } from '../../lib/locks/shared/memory/slots.ts';
import { type Actor, GaveUp, type World } from './interleavings.ts';

/** A lock that virtual threads can take. */
export interface QueueLock {
  holderSlot(): number;
  tryTake(): boolean;
  take(wait: Pausing): void;
  give(): void;
  takeOver(dead: number): boolean;
}

export interface QueueWorldOptions {
  /** How many threads there are. */
  readonly threads: number;
  /** How often each takes the lock. @default 1 */
  readonly turns?: number;
  readonly kills?: number;
  readonly giveUps?: number;
  /** Whether those who come try before they wait. @default false */
  readonly tries?: boolean;
}

export interface QueueModel {
  /** Words of the lock. */
  readonly words: Int32Array;
  make(words: Int32Array, threads: QueueThreads): QueueLock;
  /** True if a change of this word by a thread that has not arrived is its arrival. */
  arrivesAt(index: number): boolean;
}

/** In the memory of the test. */
const Cell = { INSIDE: 0, COUNT: 1, ORDER: 2 } as const;

class Died extends Error {}

export function queueWorld(model: QueueModel, options: QueueWorldOptions): World {
  const { threads, turns = 1, kills = 0, giveUps = 0, tries = false } = options;
  const rows = new Int32Array(rowOf(threads + 1));
  const [dead, known, left] = Array.from({ length: 3 }, () => new Int32Array(threads + 1)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const test = new Int32Array(Cell.ORDER + threads * turns);
  const { words } = model;
  const makers = Array.from({ length: threads }, () => (actor: Actor) => {
    const slots = slotsOf(actor, { rows, dead, known, threads, kills });
    const lock = model.make(words, slots);
    for (let turn = 0; turn < turns; turn++) {
      live({ actor, lock, slots, test, left, dead, kills, tries });
    }
  });
  return {
    memory: [words, rows, dead, known, left, test],
    programs: makers,
    dead,
    kills,
    giveUps,
    onChange(slot, changed, index) {
      if (changed === words && model.arrivesAt(index) && left[slot] === 0) {
        test[Cell.ORDER + (test[Cell.COUNT] as number)] = slot;
        (test[Cell.COUNT] as number)++;
        left[slot] = 1;
      }
    },
    onGiveUp: (slot) => forget(test, slot),
    atEnd() {
      for (let slot = 1; slot <= threads; slot++) {
        const debt = rows[rowOf(slot) + Row.DEBT] as number;
        if (debt < 0 || (dead[slot] === 0 && debt !== 0)) {
          throw new Error(`${slot} is left with a debt of ${debt}`);
        }
      }
    },
  };
}

interface Life {
  readonly actor: Actor;
  readonly lock: QueueLock;
  readonly slots: QueueThreads;
  readonly test: Int32Array;
  readonly left: Int32Array;
  readonly dead: Int32Array;
  readonly kills: number;
  readonly tries: boolean;
}

function live(life: Life): void {
  const { actor, lock, slots, test, left, tries } = life;
  const { slot } = actor;
  const debt = rowOf(slot) + Row.DEBT;
  const change = (by: number) => {
    (slots.words[debt] as number) += by;
    return 0;
  };
  let isRecovered = false;
  actor.step(() => change(1));
  try {
    if (!(tries && lock.tryTake())) {
      lock.take(pausing(life));
    }
  } catch (error) {
    const dead = deadIn(error);
    actor.step(() => {
      left[slot] = 0;
      return change(-1);
    });
    isRecovered = dead !== 0 && recovered(life, dead);
    if (!isRecovered) {
      if (dead !== 0) {
        live(life);
      }
      return;
    }
  }
  actor.step(() => enter(life, isRecovered));
  actor.step(() => {
    test[Cell.INSIDE] = 0;
    return 0;
  });
  lock.give();
  actor.step(() => {
    left[slot] = 0;
    return change(-1);
  });
}

function deadIn(error: unknown): number {
  if (error instanceof GaveUp) {
    return 0;
  }
  if (error instanceof Died) {
    return Number(error.message);
  }
  throw error;
}

// As a lock does that is recovered.
function recovered({ actor, lock, slots, test }: Life, dead: number): boolean {
  const debt = rowOf(actor.slot) + Row.DEBT;
  actor.step(() => ((slots.words[debt] as number) += 1));
  if (!lock.takeOver(dead)) {
    actor.step(() => ((slots.words[debt] as number) -= 1));
    return false;
  }
  actor.step(() => {
    if (test[Cell.INSIDE] === dead) {
      test[Cell.INSIDE] = 0;
    }
    return 0;
  });
  slots.forgive(dead);
  return true;
}

function pausing({ actor, lock, slots, kills, test }: Life): Pausing {
  return {
    spin() {
      actor.spin();
      const holder = kills > 0 ? lock.holderSlot() : 0;
      if (holder !== 0 && slots.isDead(holder) && lock.holderSlot() === holder) {
        actor.step(() => forget(test, actor.slot));
        throw new Died(String(holder));
      }
    },
  };
}

// Who recovers a lock does not queue.
function enter({ actor: { slot }, test, dead }: Life, isRecovered: boolean): number {
  const inside = test[Cell.INSIDE] as number;
  if (inside !== 0) {
    throw new Error(`${slot} entered while ${inside} was inside`);
  }
  test[Cell.INSIDE] = slot;
  const order = [...test.subarray(Cell.ORDER, Cell.ORDER + (test[Cell.COUNT] as number))];
  const ahead = order.slice(0, order.indexOf(slot));
  const live = order.includes(slot) ? ahead.filter((one) => dead[one] === 0) : [];
  if (live.length > 0 && !isRecovered) {
    throw new Error(`${slot} passed ${live}`);
  }
  forget(test, slot);
  return 0;
}

/** Takes a thread out of the order of arrival. */
function forget(test: Int32Array, slot: number): number {
  const at = test.indexOf(slot, Cell.ORDER);
  if (at >= Cell.ORDER) {
    test.copyWithin(at, at + 1);
    test[test.length - 1] = 0;
    (test[Cell.COUNT] as number)--;
  }
  return 0;
}

interface Shared {
  readonly rows: Int32Array;
  readonly dead: Int32Array;
  readonly known: Int32Array;
  readonly threads: number;
  readonly kills: number;
}

function slotsOf(actor: Actor, { rows, dead, known, threads, kills }: Shared): QueueThreads {
  return {
    own: actor.slot,
    words: rows,
    highest: threads,
    isDead: (slot) =>
      kills > 0 &&
      actor.step(() => {
        known[slot] = dead[slot] as number;
        return dead[slot] !== 0;
      }),
    isKnownDead: (slot) => kills > 0 && actor.step(() => known[slot] !== 0),
    forgive: (slot) => {
      actor.step(() => ((rows[rowOf(slot) + Row.DEBT] as number) -= 1));
    },
  };
}
