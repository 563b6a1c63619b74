/**
 * What an acquire context knows of itself, for the mutexes that it takes. Users see it as a WwContext.
 */
import type { Lockdep } from '../lockdep.ts';
import type { Owner } from '../owner.ts';
import type { LockInstance } from '../state/classes.ts';
import { captureSite, type RawSite } from '../state/site.ts';
import type { Algorithm, Contender } from './ww-algorithm.ts';

/**
 * What came of a request. `acquired`: the mutex is held. `already`: this context held it before, and one unlock gives it
 * back. `deadlock`: it is not held; unlock all mutexes of the context, take this one by lockSlow(), and start again.
 */
export type WwAnswer = 'acquired' | 'deadlock' | 'already';

/** A mutex, as far as a context has to know it. */
export interface Member {
  readonly name: string;
  readonly instance: LockInstance;
}

/** The function that the program called. */
export type Called = (...args: never) => unknown;

/** What all mutexes and contexts of one class share. */
export interface Family {
  readonly ld: Lockdep;
  readonly name: string;
  readonly algorithm: Algorithm;
  /** What each owner holds without a context, with the stamp that was the latest one then. */
  readonly bare: Map<Owner, Map<Member, number>>;
  /** The stamp of the youngest context. */
  latest: number;
}

/** A request of a context, and where it was made. */
export interface Request {
  readonly member: Member;
  readonly site: RawSite;
}

/** A request that is not answered yet. */
export interface Wait extends Request {
  readonly answer: Promise<WwAnswer>;
  /** Ends it with 'deadlock'. */
  backOff(): void;
}

export class Transaction implements Contender {
  readonly family: Family;
  readonly owner: Owner;
  /** The pseudo-lock under which the mutexes of this context may be taken in any order. */
  readonly guard: LockInstance;
  readonly stamp: number;
  readonly begun: RawSite;
  readonly held: Set<Member> = new Set();
  /** An older context waits for what this one holds. */
  isWounded = false;
  /** What was answered with 'deadlock', until it takes a mutex again. */
  contended: Request | null = null;
  wait: Wait | null = null;
  done: RawSite | null = null;
  ended: RawSite | null = null;
  #isGuarded = false;

  /** @throws LockdepError under the `throw` policy: no context was begun */
  constructor(family: Family, owner: Owner, caller: Called) {
    this.family = family;
    this.owner = owner;
    this.begun = captureSite(caller);
    this.guard = family.ld.lock(`${family.name} context`, { kind: 'map' });
    this.open(caller);
    this.stamp = ++family.latest;
  }

  /** Asks for a back-off, which happens at once where the context waits. */
  wound(): void {
    this.isWounded = true;
    this.wait?.backOff();
  }

  /** The mutex is its own now. */
  take(member: Member): void {
    this.held.add(member);
    this.contended = null;
  }

  /** The mutex is its own no more. */
  drop(member: Member): void {
    this.held.delete(member);
    this.isWounded &&= this.held.size > 0;
  }

  /** Takes the pseudo-lock, unless it is held. */
  open(caller: Called): void {
    if (!this.#isGuarded) {
      this.owner.acquire(this.guard, { caller });
      this.#isGuarded = true;
    }
  }

  /** Gives the pseudo-lock back if the context has ended and nothing is under it any more. */
  close(): void {
    if (this.#isGuarded && this.ended !== null && this.held.size === 0 && this.wait === null) {
      this.#isGuarded = false;
      this.owner.release(this.guard);
    }
  }
}
