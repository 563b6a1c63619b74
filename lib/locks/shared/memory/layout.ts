/**
 * Where everything stands in shared memory, in words of 32 bits. All threads of a process must agree on it: a change here is a
 * new version, and memory of another version is refused.
 */

/** Version of the layout of the space and of all locks. */
export const LAYOUT_VERSION = 1;

/** Most threads that can be in one space at a time. A slot is a number from 1 to this; 0 is nobody. */
export const MOST_THREADS = 255;

/** The head of a space. */
export const Head = {
  MAGIC: 0,
  PROCESS: 1,
  /** Two random words that tell this space from all others. */
  ID: 2,
  NEXT_LOCK: 4,
  /** The highest slot that was ever given out. */
  THREADS: 5,
  /** How many threads were found dead. */
  DEATHS: 6,
  JOIN_GUARD: 7,
  LOG_GUARD: 8,
  /** Bytes of the log that are written. */
  LOG_END: 9,
  LOG_IS_FULL: 10,
  /** Who looks for circles of waits. */
  LOOK_GUARD: 11,
  NEXT_GRAPH: 12,
  NEXT_JOIN: 13,
  /** How many threads have said that their end is noticed. */
  NOTICED: 14,
} as const;

export const SPACE_MAGIC: number = 0x4c44_5300 | LAYOUT_VERSION;
export const HEAD_WORDS = 16;

/** The row of a thread. */
export const Row = {
  /** A `ThreadState`, and above its two bits the number `JOIN`. */
  STATE: 0,
  /** Id and time of start that the operating system has for it; 0 where that is not known. */
  TID: 1,
  STARTED: 2,
  /** `threadId` of Node, plus one; 0 elsewhere. */
  THREAD: 3,
  /** Its name, a string of the log. */
  NAME: 4,
  /** Declared, the greater the more urgent. */
  PRIORITY: 5,
  /** How many locks it may be written into. */
  DEBT: 6,
  /** Changes with each beginning and each end of a wait. Odd while it waits. */
  WAIT_TURN: 7,
  WAIT_LOCK: 8,
  WAIT_MODE: 9,
  WAIT_UNITS: 10,
  WAIT_OWNER: 11,
  WAIT_SITE: 12,
  WAIT_CLASS: 13,
  /** Milliseconds since the epoch, cut to 31 bits, when the wait began. */
  WAIT_SINCE: 14,
  /** Not 0 for a wait that ends by itself. */
  WAIT_ENDS: 15,
  /** The turn whose wait was reported as part of a circle. */
  TOLD_TURN: 16,
  /** Not 0 while it keeps the processor busy. */
  WAIT_SPINS: 18,
  /** How many of `HOLDINGS` are in use. */
  DEPTH: 17,
  /** Tells it from all threads that had the slot before. */
  JOIN: 19,
  /** Not 0 once a browser notices the end of the thread. */
  IS_NOTICED: 20,
  /** What it holds, `HOLDING_WORDS` each. */
  HOLDINGS: 21,
  /** Its nodes in the queues of locks, `NODE_WORDS` each. */
  NODES: 116,
} as const;

export const ROW_WORDS = 128;
export const HOLDING_WORDS = 5;
/** Further locks are held all the same; they are not shown to other threads. */
export const MOST_HOLDINGS: number = Math.floor((Row.NODES - Row.HOLDINGS) / HOLDING_WORDS);
export const NODE_WORDS = 3;
export const NODES_PER_THREAD: number = (ROW_WORDS - Row.NODES) / NODE_WORDS;

/** A thing that a thread holds: numbers of the lock, and of strings of the log. */
export const Holding = { LOCK: 0, CLASS: 1, OWNER: 2, SITE: 3, MODE: 4 } as const;

export const ThreadState = { FREE: 0, LIVE: 1, DEAD: 2, JOINING: 3 } as const;

/** How a lock is held or wanted. */
export const ModeCode = {
  EXCLUSIVE: 0,
  SHARED: 1,
  /** A reader that no waiting writer stops. */
  RECURSIVE: 2,
} as const;

export const LOG_BYTES: number = 16 << 20;
export const LOG_START: number = (HEAD_WORDS + (MOST_THREADS + 1) * ROW_WORDS) * 4;
export const SPACE_BYTES: number = LOG_START + LOG_BYTES;

/** The head of each lock; its own words follow. */
export const LockHead = {
  MAGIC: 0,
  /** Number of the lock in its space. */
  ID: 1,
  /** The two words of `Head.ID`. */
  SPACE: 2,
  /** How often it was granted. */
  GRANTS: 4,
  /** Owner and place of the last grant, strings of the log; 0 where nobody said. */
  OWNER: 5,
  SITE: 6,
  /** Number of the class graph that its checkers share; 0 for that of the checkers by default. */
  GRAPH: 7,
} as const;

export const LOCK_HEAD_WORDS = 8;

/** What stands in the first word of a lock of the type with this number. */
export function lockMagic(type: number): number {
  return 0x4c4b_0000 | (LAYOUT_VERSION << 8) | type;
}

/** Row of a slot, as an index of words of the space. */
export function rowOf(slot: number): number {
  return HEAD_WORDS + slot * ROW_WORDS;
}
