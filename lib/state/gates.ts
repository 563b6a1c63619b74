/**
 * What a dependency was always seen under. Two dependencies that were only ever witnessed while the same lock kept others
 * out cannot be on the way at once, so a cycle through both of them cannot block.
 * Kept as an intersection over all witnesses: it only ever shrinks.
 */
import type { Mode } from '../model/lock.ts';
import type { LockInstance } from './classes.ts';

export interface Gate {
  readonly exclusive: boolean;
  /** The one acquire that all witnesses were under, where flows can share an acquire; `null` for several, or where they cannot. */
  readonly acquire: object | null;
}

/** The part of a held lock that counts here. */
export interface Holding {
  readonly lock: LockInstance;
  readonly mode: Mode;
  readonly acquire: object | null;
}

/** By lock instance. */
export type Gates = ReadonlyMap<LockInstance, Gate>;

/** The gates of a dependency from `holder`: everything else that is held, keeps others out and has one unit. */
export function gatesOf(held: readonly Holding[], holder: Holding): Gates {
  const gates = new Map<LockInstance, Gate>();
  for (const { lock, mode, acquire } of held) {
    if (lock !== holder.lock && lock.capacity === 1 && lock.class.kind.excludes) {
      gates.set(lock, { exclusive: mode === 'exclusive', acquire });
    }
  }
  return gates;
}

/** What both have in common, each in the weaker form. */
export function commonGates(known: Gates, seen: Gates): Gates {
  const common = new Map<LockInstance, Gate>();
  for (const [lock, one] of known) {
    const other = seen.get(lock);
    if (other !== undefined) {
      const acquire = one.acquire === other.acquire ? one.acquire : null;
      common.set(lock, { exclusive: one.exclusive && other.exclusive, acquire });
    }
  }
  return common;
}

/**
 * True if two of these dependencies exclude each other. Two readers of a gate do not; nor do two flows that share one
 * acquire of it, as children do that were started under their parent's lock.
 */
export function isGated(gates: readonly Gates[]): boolean {
  return gates.some((one, at) => gates.slice(at + 1).some((other) => exclude(one, other)));
}

function exclude(one: Gates, other: Gates): boolean {
  return [...one].some(([lock, gate]) => {
    const same = other.get(lock);
    if (same === undefined || !(gate.exclusive || same.exclusive)) {
      return false;
    }
    return gate.acquire === null || gate.acquire !== same.acquire;
  });
}
