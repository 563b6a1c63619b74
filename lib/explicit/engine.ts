/**
 * What an explicit owner and the checker know of each other.
 */
import type { Mode, Site } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { RuleId } from '../model/rule.ts';
import type { Rule } from '../rules/index.ts';
import type { Attempt, Marking } from '../state/attempt.ts';
import type { ChainNode } from '../state/chains.ts';
import type { LockClass, LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { Profile } from '../state/profile.ts';
import type { State } from '../state/state.ts';
import type { EventClock } from './event-clock.ts';

/** A lock that an owner holds, for people and assertions. */
export interface HeldView {
  readonly lock: LockInstance;
  readonly mode: Mode;
  readonly site: Site | null;
}

/** Somebody else who knows owners: the tracker of async flows. */
export interface OwnerSource {
  /** The owner of the running flow, if there is one. */
  current(): (OwnerRef & { readonly held: readonly HeldView[] }) | undefined;
  holders(lock: LockInstance): readonly HeldLock[];
}

/** Somebody whose entries can be taken away by another: units of a counting resource are anybody's. */
export interface Holder extends OwnerRef {
  drop(held: HeldLock): void;
}

/** The part of the checker that an owner tells its events. */
export interface Engine {
  readonly state: State;
  readonly sites: 'new' | 'all';
  /** True where nothing is checked. */
  readonly isOff: boolean;
  /** False where each acquire has to be looked at, known or not. */
  readonly isFast: boolean;
  /** Whether events are nodes of the class graph. */
  readonly events: boolean;
  readonly clock: EventClock;
  /** What locks cost. */
  readonly profile: Profile;
  known(chain: ChainNode, key: number, lock: LockInstance, owner: OwnerRef): ChainNode | undefined;
  step(chain: ChainNode, attempt: Attempt): ChainNode;
  /** Judges and records an acquire that leads to no new step of the chain. */
  judgeAside(attempt: Attempt): void;
  /** Judges and records usages of locks that are held. */
  mark(event: Marking): void;
  judge<Event>(rules: readonly Rule<Event>[], event: Event, isOld?: boolean): boolean;
  /** Runs one event; what the policy calls back is called when it is over. */
  during<Result>(work: () => Result): Result;
  /** Runs an event that nobody waits for: what the policy throws stays here. */
  aside(work: () => void): void;
  isOn(rule: RuleId): boolean;
  holdersOf(lock: LockInstance): readonly HeldLock[];
  subclassOf(base: LockClass, level: number): LockClass;
  classNamed(name: string, like: LockClass): LockClass;
  forget(owner: OwnerRef): void;
  /** Runs something while an owner is the current one. */
  runAs<Result>(owner: OwnerRef, work: () => Result): Result;
}
