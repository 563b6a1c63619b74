/**
 * A situation for a rule to judge, put together by hand: what a checker has seen, and what one owner does next.
 */
import { LOCK_KINDS, type LockKind } from '../../lib/model/kind.ts';
import type { ClassRef, DependencyKind, Mode, Site } from '../../lib/model/lock.ts';
import type { OwnerRef } from '../../lib/model/owner.ts';
import type { Attempt } from '../../lib/state/attempt.ts';
import { ChainNode } from '../../lib/state/chains.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { ContextTable, type Situation } from '../../lib/state/contexts.ts';
import type { RawWitness } from '../../lib/state/dependencies.ts';
import type { HeldLock } from '../../lib/state/held.ts';
import { firstFrame, RawSite } from '../../lib/state/site.ts';
import { type Profile, State } from '../../lib/state/state.ts';

/** Nothing is entered, and everything enabled. */
export const TASK: Situation = new ContextTable().task;

export const NOW = 1_700_000_000_000;

export function stateOf(profile: Profile = 'default'): State {
  const limits = { chainLimit: 100, instanceLimit: 100 };
  return new State({ profile, process: '42/1', resolver: firstFrame, now: () => NOW, realtime: true, ...limits });
}

export function ownerOf(name: string, id = 1): OwnerRef {
  return { id, name };
}

/** A lock of the class with this name, which is made when it is new. */
export function lockOf(state: State, name: string, kindName = 'mutex', capacity = 1): LockInstance {
  const kind = LOCK_KINDS.get(kindName) as LockKind;
  const known = state.classes.find(name);
  if (known === undefined) state.dependencies.addClass();
  const lockClass = known ?? state.classes.add(name, { kind, capacity, identity: { key: name, name } });
  return state.classes.instantiate(lockClass, capacity);
}

/** One lock of each name, in this order. */
export function locksOf<Names extends readonly string[]>(
  state: State,
  names: readonly [...Names],
): { [At in keyof Names]: LockInstance } {
  return names.map((name) => lockOf(state, name)) as { [At in keyof Names]: LockInstance };
}

export function refOf(name: string, kind = 'mutex', capacity = 1): ClassRef {
  return { key: name, name, kind, capacity };
}

/** A site in `/app/main.ts`. */
export function at(line: number): RawSite {
  return new RawSite({ stack: `Error\n    at work (/app/main.ts:${line}:1)` });
}

/** What a finding says of a site in `/app/main.ts`. */
export function place(line: number): Site {
  return { file: '/app/main.ts', line, column: 1, function: 'work' };
}

export interface Holding {
  readonly mode?: Mode;
  readonly units?: number;
  readonly try?: boolean;
  /** Line of `/app/main.ts` where it was taken. No site if absent. */
  readonly line?: number;
}

export function holding(owner: OwnerRef, lock: LockInstance, how: Holding = {}): HeldLock {
  const { mode = 'exclusive', units = 1, try: isTry = false, line } = how;
  const site = line === undefined ? null : at(line);
  const chain = new ChainNode(null, lock.class, TASK);
  return { owner, lock, class: lock.class, mode, units, try: isTry, site, chain, acquire: null };
}

export interface Asking extends Holding {
  readonly held?: readonly HeldLock[];
  readonly tentative?: boolean;
}

export function asking(owner: OwnerRef, lock: LockInstance, how: Asking = {}): Attempt {
  const { mode = 'exclusive', units = 1, try: isTry = false, tentative = false, held = [], line = 0 } = how;
  return { owner, lock, class: lock.class, mode, units, try: isTry, tentative, held, site: at(line) };
}

export interface Seen {
  readonly kind?: DependencyKind;
  readonly owner?: OwnerRef;
  /** Lines of `/app/main.ts` where the first lock was taken and the second asked for. */
  readonly lines?: readonly [taken: number, asked: number];
  /** Locks that were held exclusively all the time. */
  readonly under?: readonly LockInstance[];
}

/** Records that `to` was asked for while `from` was held. */
export function depend(state: State, from: LockInstance, to: LockInstance, seen: Seen = {}): void {
  const { lines: [taken, asked] = [0, 0] } = seen;
  const { owner = ownerOf('earlier', 7), under = [] } = seen;
  const held = [...under, from].map((lock) => holding(owner, lock));
  state.dependencies.record(from.class, to.class, witness({ ...seen, taken: at(taken), asked: at(asked) }));
  state.pairs.record(asking(owner, to, { held }), NOW);
}

/** One way in which a dependency was seen, by default without a place. */
export function witness(seen: Omit<Seen, 'lines'> & Partial<Pick<RawWitness, 'taken' | 'asked'>> = {}): RawWitness {
  const { kind = 'EN', owner = ownerOf('earlier', 7), taken = null, asked = null, under = [] } = seen;
  const gates = new Map(under.map((lock) => [lock, { exclusive: true, acquire: null }]));
  return { kind, owner, taken, asked, at: NOW, gates };
}
