/**
 * Circles of waits over threads. A thread that spins or sleeps for a lock gives nothing back; so who waits for a thread that waits for
 * ... for himself waits for ever. Read from the rows of all threads; a circle counts only if none of its waits has moved meanwhile.
 * Counting locks make no circle: anybody may give their units back.
 */
import { ModeCode } from '../memory/layout.ts';
import { type HoldingRow, holdingsOf, turnOf, type WaitRow, waitOf } from '../memory/rows.ts';
import type { Space } from '../memory/space.ts';

/** One wait of a circle, and who is in its way. */
export interface CircleWait {
  readonly wait: WaitRow;
  readonly held: readonly HoldingRow[];
  readonly holders: readonly HoldingRow[];
}

/** What all threads hold and wait for. */
interface Sight {
  readonly holdings: ReadonlyMap<number, readonly HoldingRow[]>;
  readonly waits: ReadonlyMap<number, WaitRow>;
}

/**
 * The circle of waits that this thread is in: each waits for the next one, and the last, which is this thread's, for the first. Empty
 * where there is none. A thread that has ended waits for nothing, whatever its row says.
 */
export function findCircle(space: Space): readonly CircleWait[] {
  const { threads } = space;
  const sight = look(space);
  const way = search(sight, { slot: threads.own, way: [], seen: new Set() });
  if (way === undefined || way.some(({ slot, turn }) => threads.hasEnded(slot) || turnOf(space, slot) !== turn)) {
    return [];
  }
  const [own, ...others] = way as [WaitRow, ...WaitRow[]];
  return [...others, own].map((wait) => ({
    wait,
    held: sight.holdings.get(wait.slot) ?? [],
    holders: [...sight.holdings.values()].flat().filter((holding) => isInTheWay(holding, wait)),
  }));
}

function look(space: Space): Sight {
  const holdings = new Map<number, readonly HoldingRow[]>();
  const waits = new Map<number, WaitRow>();
  const { threads } = space;
  for (let slot = 1; slot <= threads.highest; slot++) {
    if (slot !== threads.own && !threads.isLive(slot)) {
      continue;
    }
    // First the wait: what a thread holds does not change while it waits.
    const wait = waitOf(space, slot);
    if (wait !== undefined && !wait.ends) {
      waits.set(slot, wait);
    }
    holdings.set(slot, holdingsOf(space, slot));
  }
  return { holdings, waits };
}

/** A step of the search for a way back. */
interface Step {
  readonly slot: number;
  /** The waits that led here. */
  readonly way: readonly WaitRow[];
  /** All that the search has come to: who led nowhere once leads nowhere from elsewhere. */
  readonly seen: Set<number>;
}

/** The shortest way is not needed: any that leads back is a circle. */
function search(sight: Sight, { slot, way, seen }: Step): readonly WaitRow[] | undefined {
  seen.add(slot);
  const wait = sight.waits.get(slot);
  if (wait === undefined) {
    return undefined;
  }
  const longer = [...way, wait];
  const first = longer[0] as WaitRow;
  for (const next of blockersOf(sight, wait)) {
    if (next === first.slot) {
      return longer;
    }
    const found = seen.has(next) ? undefined : search(sight, { slot: next, way: longer, seen });
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Who has to go on before the wait can end: its holders, and a writer that stops new readers. */
function blockersOf({ holdings, waits }: Sight, wait: WaitRow): readonly number[] {
  const holders = [...holdings].filter(([, rows]) => rows.some((row) => isInTheWay(row, wait))).map(([slot]) => slot);
  const writers = [...waits.values()].filter(
    (other) => wait.mode === ModeCode.SHARED && other.lock === wait.lock && other.mode === ModeCode.EXCLUSIVE,
  );
  return [...new Set([...holders, ...writers.map(({ slot }) => slot)])];
}

function isInTheWay({ lock, isShared }: HoldingRow, wait: WaitRow): boolean {
  return lock === wait.lock && wait.units === 0 && !(isShared && wait.mode !== ModeCode.EXCLUSIVE);
}
