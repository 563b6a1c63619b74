/**
 * What a dependency was always seen under. Two dependencies that were only ever witnessed while the same lock kept others
 * out cannot be on the way at once, so a cycle through both of them cannot block.
 * Kept as an intersection over all witnesses: it only ever shrinks.
 * A lock that several threads share is known by its identity, any other one by itself. What another checker saw under a lock
 * of its own thread is known by the class of that lock: it counts as having been under the only lock of this class here.
 */
import type { Mode } from '../model/lock.ts';
import type { LockInstance } from './classes.ts';

export interface Gate {
  readonly exclusive: boolean;
  /** The one acquire that all witnesses were under, where flows can share an acquire; `null` for several, or where they cannot. */
  readonly acquire: object | null;
  /** The lock itself, where its identity stands for it and it is known here. */
  readonly lock?: LockInstance | null;
}

/** The part of a held lock that counts here. */
export interface Holding {
  readonly lock: LockInstance;
  readonly mode: Mode;
  readonly acquire: object | null;
}

/** A lock of this thread alone, the identity of one that threads share, or the class of one that is another thread's own. */
export type GateKey = LockInstance | string;

export type Gates = ReadonlyMap<GateKey, Gate>;

// An identity has it behind a character of its own.
const CLASS = 'class ';
const IDENTITY = 'identity ';

/** What a lock is known by in all threads that share it. */
export function identityKey(identity: string): string {
  return IDENTITY + identity;
}

/** What the only lock of a class, in any other thread, is known by. */
export function classKey(key: string): string {
  return CLASS + key;
}

/** The gates of a dependency from `holder`: everything else that is held, keeps others out and has one unit. */
export function gatesOf(held: readonly Holding[], holder: Holding): Gates {
  const gates = new Map<GateKey, Gate>();
  for (const { lock, mode, acquire } of held) {
    if (lock !== holder.lock && lock.capacity === 1 && lock.class.kind.excludes) {
      const exclusive = mode === 'exclusive';
      if (lock.identity === null) {
        gates.set(lock, { exclusive, acquire });
      } else {
        gates.set(identityKey(lock.identity), { exclusive, acquire, lock });
      }
    }
  }
  return gates;
}

/** What both have in common, each in the weaker form. */
export function commonGates(known: Gates, seen: Gates): Gates {
  const common = new Map<GateKey, Gate>();
  for (const [key, one] of known) {
    const match = find(seen, key);
    if (match !== undefined) {
      const [other, ownKey] = match;
      const acquire = one.acquire === other.acquire ? one.acquire : null;
      const lock = other.lock ?? one.lock;
      const gate = { exclusive: one.exclusive && other.exclusive, acquire };
      common.set(ownKey, lock === undefined ? gate : { ...gate, lock });
    }
  }
  return common;
}

/** The gate that these have under a key, or under another one that means the same lock; and the narrower of the two keys. */
function find(gates: Gates, key: GateKey): readonly [gate: Gate, key: GateKey] | undefined {
  const same = gates.get(key);
  if (same !== undefined) {
    return [same, key];
  }
  for (const [other, gate] of gates) {
    if (isOnly(other, key) || isOnly(key, other)) {
      return [gate, typeof key === 'string' ? other : key];
    }
  }
  return undefined;
}

function isOnly(lock: GateKey, key: GateKey): boolean {
  if (typeof lock === 'string' || typeof key !== 'string' || !key.startsWith(CLASS)) {
    return false;
  }
  return isAlone(lock) && key === classKey(lock.class.ref.key);
}

/** True for a lock that is the only one of its class. */
export function isAlone({ class: { instances, isOpen } }: LockInstance): boolean {
  return instances <= 1 && !isOpen;
}

/**
 * True if two of these dependencies exclude each other. Two readers of a gate do not; nor do two flows that share one
 * acquire of it, as children do that were started under their parent's lock.
 */
export function isGated(gates: readonly Gates[]): boolean {
  return gates.some((one, at) => gates.slice(at + 1).some((other) => exclude(one, other)));
}

function exclude(one: Gates, other: Gates): boolean {
  return [...one].some(([key, gate]) => {
    const same = find(other, key)?.[0];
    if (same === undefined || !(gate.exclusive || same.exclusive)) {
      return false;
    }
    return gate.acquire === null || gate.acquire !== same.acquire;
  });
}
