/**
 * What a wait and its lock know of each other, and what whoever looks around for a wait has to know of it.
 */
import type { Owner } from '../../../owner.ts';
import type { LockInstance } from '../../../state/classes.ts';
import type { RawSite } from '../../../state/site.ts';
import type { ThreadWitness } from '../base/thread-witness.ts';
import type { Space } from '../memory/space.ts';

/** What a wait has to know of its lock. */
export interface Waitable {
  readonly name: string;
  readonly words: Int32Array;
  readonly space: Space;
  readonly id: number;
  readonly classId: number;
  readonly witness: ThreadWitness | null;
  readonly instance: LockInstance | null;
  /** Whether it goes from one to the next in order, so that a spinning thread that waits for long leaves the processor now and then. */
  readonly goesInTurn?: boolean;
  /** Slots of the threads that hold it, as its words say. */
  holders(): readonly number[];
  /** True if that thread holds it with others. Absent where nobody does. */
  isSharedBy?(slot: number): boolean;
  /**
   * A thread that holds it has ended. Gives its part back, where that is safe.
   * @returns true where the wait may go on; false where nobody may have the lock before it is recovered
   */
  bury(slot: number): boolean;
}

export interface WaitHow {
  /** A `ModeCode`. @default exclusive */
  readonly mode?: number;
  /** Not 0 for units of a counting lock. @default 0 */
  readonly units?: number;
  /** The owner in the eyes of the checker; `null` where nothing is checked. */
  readonly owner: Owner | null;
  /** The method that the program called. */
  readonly caller: unknown;
  /** Milliseconds after which it ends by itself. @default Infinity */
  readonly timeout?: number;
}

/** Whom a wait saw hold the lock, and since when. */
export interface Memory {
  slot: number;
  grants: number;
  /** Milliseconds of processor time that he had had. */
  cpu: number | null;
  /** Milliseconds since the wait began. */
  at: number;
  /** What was told already, one bit each. */
  told: number;
}

/** A wait that lasts. */
export interface Waiting {
  readonly lock: Waitable;
  readonly how: WaitHow;
  /** How often the lock was granted when the wait began. */
  readonly grants: number;
  /** Milliseconds until now. */
  readonly waited: number;
  /** Turns of loops that it passed. */
  readonly spins: number;
  readonly isSpinning: boolean;
  /** Where it was asked for, once somebody had to know. */
  site: RawSite | null;
  readonly memory: Memory;
  /** Other threads see it no more. */
  hide(): void;
}
