/**
 * What the rows of the threads say: who holds what, and who waits for what. Read from words that their threads change meanwhile, so
 * it is true of one moment only where a thread stands still, which its turn tells.
 */
import type { Actor } from '../../../model/actor.ts';
import type { Site } from '../../../model/lock.ts';
import { HOLDING_WORDS, Holding, MOST_HOLDINGS, ModeCode, Row, rowOf } from './layout.ts';
import type { Space } from './space.ts';

/** A lock that a thread holds. */
export interface HoldingRow extends Required<Actor> {
  readonly slot: number;
  readonly lock: number;
  readonly classId: number;
  readonly site: Site | null;
  readonly isShared: boolean;
}

/** A wait of a thread that stands still in it. */
export interface WaitRow extends Required<Actor> {
  readonly slot: number;
  readonly turn: number;
  readonly lock: number;
  readonly classId: number;
  readonly site: Site | null;
  /** A `ModeCode`. */
  readonly mode: number;
  /** Not 0 where units of a counting lock are wanted. */
  readonly units: number;
  /** When it began, on the clock of `epochMs`. */
  readonly since: number;
  /** True where it ends by itself. */
  readonly ends: boolean;
  readonly isSpinning: boolean;
  /** True where it was reported as part of a circle. */
  readonly isTold: boolean;
}

/** Name of the thread in a slot. */
export function threadName({ log, threads }: Space, slot: number): string {
  return log.text(threads.words[rowOf(slot) + Row.NAME] as number) ?? `thread ${slot}`;
}

/** The owner with that number in a thread; the thread is its own owner where it has no other name. */
export function actorIn(space: Space, slot: number, owner: number): Required<Actor> {
  const thread = threadName(space, slot);
  return { owner: space.log.text(owner) ?? thread, thread };
}

const sites = new Map<string, Site>();

/** A place from its number. */
export function siteOf({ log }: Space, id: number): Site | null {
  const text = log.text(id);
  if (text === null) {
    return null;
  }
  const site = sites.get(text) ?? (JSON.parse(text) as Site);
  sites.set(text, site);
  return site;
}

/** Milliseconds since the epoch in the 31 bits that a word has for it: a difference of two is right for 24 days. */
export function epochMs(): number {
  return Date.now() % 2 ** 31;
}

/** What the thread in a slot holds, outermost first. Rows that show no lock do not count. */
export function holdingsOf(space: Space, slot: number): readonly HoldingRow[] {
  const { words } = space.threads;
  const row = rowOf(slot);
  const depth = Math.min(words[row + Row.DEPTH] as number, MOST_HOLDINGS);
  const held: HoldingRow[] = [];
  for (let at = 0; at < depth; at++) {
    const from = row + Row.HOLDINGS + at * HOLDING_WORDS;
    const lock = words[from + Holding.LOCK] as number;
    if (lock !== 0) {
      held.push({
        slot,
        lock,
        classId: words[from + Holding.CLASS] as number,
        ...actorIn(space, slot, words[from + Holding.OWNER] as number),
        site: siteOf(space, words[from + Holding.SITE] as number),
        isShared: words[from + Holding.MODE] === ModeCode.SHARED,
      });
    }
  }
  return held;
}

/** The turn of a thread: odd while it waits. */
export function turnOf({ threads: { words } }: Space, slot: number): number {
  return Atomics.load(words, rowOf(slot) + Row.WAIT_TURN);
}

/** What the thread in a slot waits for, if it does. */
export function waitOf(space: Space, slot: number): WaitRow | undefined {
  const turn = turnOf(space, slot);
  if (turn % 2 === 0) {
    return undefined;
  }
  const { words } = space.threads;
  const row = rowOf(slot);
  return {
    slot,
    turn,
    lock: words[row + Row.WAIT_LOCK] as number,
    classId: words[row + Row.WAIT_CLASS] as number,
    ...actorIn(space, slot, words[row + Row.WAIT_OWNER] as number),
    site: siteOf(space, words[row + Row.WAIT_SITE] as number),
    mode: words[row + Row.WAIT_MODE] as number,
    units: words[row + Row.WAIT_UNITS] as number,
    since: words[row + Row.WAIT_SINCE] as number,
    ends: words[row + Row.WAIT_ENDS] !== 0,
    isSpinning: words[row + Row.WAIT_SPINS] !== 0,
    isTold: words[row + Row.TOLD_TURN] === turn,
  };
}
