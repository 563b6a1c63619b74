/** What each CPU does when spinning is measured: it asks for memory most of the time. */
import type { IrqLevelLock, Lockdep } from '../../../lib/index.ts';
import { built } from '../built.ts';
import type { Handles } from './system.ts';

export const CPUS = 3;
const ROUNDS = 1_500;
/** Rounds between two uses of what is not memory. */
const SELDOM = 100;
/** Turns of a loop: how long a CPU is busy with memory. */
const BUSY = 10_000;

/** A spinlock that was used, its level, and how often a CPU went round in its loop for it: `spin_counts[level]`. */
export interface SpinCount {
  readonly level: number;
  readonly name: string;
  readonly spins: number;
}

export interface Job {
  readonly cpu: number;
  /** The same load on each of these sets of locks, one after the other. */
  readonly systems: readonly Handles[];
  /** How many CPUs have come to the start of each. */
  readonly meeting: Int32Array;
}

let sink = 0;

function work(): void {
  for (let at = 0; at < BUSY; at++) {
    sink = (sink + at) | 0;
  }
}

/** @returns what it cost, level by level */
export function run(cpu: number, handles: Handles, lockdep: Lockdep): readonly SpinCount[] {
  const [arenas, [pageTable, keyboard, wake]] = [
    handles.malloc.map((handle) => built.IrqLevelLock.from(handle, { lockdep })),
    [handles.pageTable, handles.keyboard, handles.wake].map((handle) => built.IrqLevelLock.from(handle, { lockdep })),
  ];
  const arena = arenas[cpu % arenas.length] as IrqLevelLock;
  for (let round = 1; round <= ROUNDS; round++) {
    arena.run(work);
    if (round % SELDOM === 0) {
      pageTable?.run(() => undefined);
      wake?.run(() => undefined);
    }
    // The keyboard interrupts the first CPU.
    if (round % SELDOM === 0 && cpu === 0) {
      keyboard?.run(() => wake?.run(() => undefined));
    }
  }
  return [arena, pageTable, keyboard, wake].flatMap((lock) => (lock === undefined ? [] : spinCount(lock, lockdep)));
}

function spinCount({ name, handle }: IrqLevelLock, lockdep: Lockdep): SpinCount {
  return { level: Number(handle.traits['level']), name, spins: lockdep.profile.of(name)?.spins ?? 0 };
}
