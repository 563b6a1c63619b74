/**
 * Finds the owner of async flows and tells the checker what they do.
 * What a flow gets while it holds something else is a dependency if the release of that waited for it; that is decided when
 * the release comes (`nesting.ts`). Waits that do not end are judged at the end.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { types } from 'node:util';
import type { HeldView, OwnerSource } from '../explicit/engine.ts';
import type { Lockdep } from '../lockdep.ts';
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import { RELEASE_RULES } from '../rules/index.ts';
import type { LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import { watchCombinators } from './combinators.ts';
import { waitsInCircles } from './deadlock.ts';
import { judgeEnd } from './ending.ts';
import { HeldTickets } from './held-tickets.ts';
import { FlowJudge } from './judge.ts';
import { link } from './links.ts';
import { decideNestings, noteNestings } from './nesting.ts';
import { startPromiseHooks } from './promise-hooks.ts';
import { type Context, FlowOwner, heldIn, prune, push, Ticket } from './ticket.ts';

export interface RequestOptions {
  /** @default 'exclusive' */
  readonly mode?: Mode;
  /** @default 1 */
  readonly units?: number;
  /** True for an acquire that gives up at once instead of waiting. @default false */
  readonly try?: boolean;
  readonly site: RawSite;
}

export class FlowTracker implements OwnerSource {
  readonly #lockdep: Lockdep;
  readonly #judge: FlowJudge;
  readonly #storage = new AsyncLocalStorage<Context | null>();
  readonly #waiting = new Set<Ticket>();
  readonly #held = new HeldTickets();
  readonly #realms = new WeakSet<PromiseConstructor>();
  readonly #isWatching = (): boolean => this.#waiting.size > 0 || !this.#held.isEmpty;
  #stop: (() => void) | undefined;

  constructor(lockdep: Lockdep) {
    this.#lockdep = lockdep;
    this.#judge = new FlowJudge(lockdep);
  }

  /**
   * Begins to follow flows.
   * @returns false where the runtime does not report promises: then only callbacks are followed
   */
  start(): boolean {
    // Entered once before anything else runs: on Node 20 and 22 a first `enterWith` elsewhere would leak to other flows.
    this.#storage.run(null, () => {});
    this.#lockdep.sources.add(this);
    this.#stop = startPromiseHooks({
      storage: this.#storage,
      isWatching: this.#isWatching,
      gaveUp: (ticket) => this.gaveUp(ticket),
      failed: (error) => this.#lockdep.fail(error),
    });
    return this.#stop !== undefined;
  }

  stop(): void {
    this.#stop?.();
    this.#lockdep.sources.delete(this);
    this.#storage.disable();
  }

  /** Also follows the combinators of another world's `Promise`. */
  watchRealm(realm: PromiseConstructor): void {
    if (this.#stop !== undefined && realm !== Promise && !this.#realms.has(realm)) {
      this.#realms.add(realm);
      watchCombinators(realm, this.#isWatching);
    }
  }

  current(): (OwnerRef & { readonly held: readonly HeldView[] }) | undefined {
    const held = heldIn(this.#context());
    const owner = held.at(-1)?.owner;
    if (owner === undefined) {
      return undefined;
    }
    const { resolver } = this.#lockdep.state;
    const views = held.map(({ lock, mode, site }) => ({ lock, mode, site: site.resolve(resolver) }));
    return { id: owner.id, name: owner.name, held: views };
  }

  holders(lock: LockInstance): readonly HeldLock[] {
    return [...this.#held.of(lock)];
  }

  /** The running flow asks for a lock. */
  request(lock: LockInstance, options: RequestOptions): Ticket {
    const { mode = 'exclusive', units = 1, try: isTry = false, site } = options;
    const { state } = this.#lockdep;
    const base = prune(this.#context());
    const asker = base?.ticket.owner ?? this.#newFlow(site);
    const facts = { asker, lock, mode, units, try: isTry, site, base, since: state.now(), chain: state.chains.root };
    const ticket = new Ticket(facts);
    this.#waiting.add(ticket);
    return ticket;
  }

  /**
   * The lock was given to the flow that asked for it.
   * @param task the function that runs as a flow of its own while the lock is held, where there is one
   */
  granted(ticket: Ticket, task?: { readonly name: string }): void {
    if (!this.#waiting.delete(ticket)) {
      return;
    }
    if (task !== undefined) {
      ticket.owner = this.#newFlow(ticket.site, task.name);
    }
    ticket.state = 'held';
    this.#held.add(ticket);
    this.#lockdep.guarded(() => {
      const held = heldIn(ticket.base);
      noteNestings(ticket, held, this.#judge.granted(ticket, held));
    });
  }

  /** The wait ended by itself, without the lock: it timed out. */
  gaveUp(ticket: Ticket): void {
    if (this.#waiting.delete(ticket)) {
      ticket.state = 'cancelled';
      this.#lockdep.guarded(() => noteNestings(ticket, heldIn(ticket.base), true));
    }
  }

  /** The request was taken back by the program, or never made because the call failed: it says nothing. */
  withdrawn(ticket: Ticket): void {
    if (this.#waiting.delete(ticket)) {
      ticket.state = 'cancelled';
    }
  }

  /**
   * The lock was given back.
   * @param evidence the promise that ended the work under the lock, where there is one
   */
  released(ticket: Ticket, evidence?: unknown): void {
    if (ticket.state !== 'held') {
      return;
    }
    if (ticket.inner.length > 0) {
      this.#lockdep.guarded(() => this.#decideNestings(ticket, evidence));
    }
    ticket.state = 'released';
    this.#held.delete(ticket);
  }

  /** A release that names no acquire: the flow's own one if it has one, else the oldest. */
  releasedUnnamed(lock: LockInstance, units: number, site: RawSite): void {
    this.#lockdep.guarded(() => this.#releaseUnnamed(lock, units, site));
  }

  #releaseUnnamed(lock: LockInstance, units: number, site: RawSite): void {
    const own = heldIn(this.#context()).filter((ticket) => ticket.lock === lock);
    if (own.length === 0 && !this.#held.isUnowned(lock)) {
      this.#stray(lock, site);
    }
    let left = units;
    for (const ticket of [...own.reverse(), ...this.#held.of(lock)]) {
      const given = Math.min(left, ticket.state === 'held' ? ticket.units : 0);
      left -= given;
      if (given === ticket.units) {
        this.released(ticket);
      } else {
        ticket.units -= given;
      }
    }
  }

  #stray(lock: LockInstance, site: RawSite): void {
    const held = heldIn(this.#context());
    const owner = held.at(-1)?.owner ?? this.#newFlow(site);
    const holder = [...this.#held.of(lock)][0];
    this.#judge.tell(RELEASE_RULES, { owner, lock, held, holder, site, lastReleased: null, exact: false });
  }

  /** Units of this lock come and go without owners, as those of a counter do: who holds them says nothing. */
  disown(lock: LockInstance): void {
    this.#held.disown(lock);
  }

  /** The continuation that waits for `promise` owns the lock. */
  mark<Result>(promise: Result, ticket: Ticket): Result {
    if (types.isPromise(promise)) {
      link(promise).acquired = ticket;
    }
    return promise;
  }

  /** Whoever goes on after `promise` has seen the lock granted, but does not own it. */
  markSeen<Result>(promise: Result, ticket: Ticket): Result {
    if (types.isPromise(promise)) {
      link(promise).seen = [ticket];
    }
    return promise;
  }

  /** Runs a callback in the flow that asked for the lock, as its owner. */
  run<Result>(ticket: Ticket, work: () => Result): Result {
    return this.#storage.run(push(ticket.base, ticket, true), work);
  }

  /** Judges waits that began before `deadline` and cannot end, in case the process does not live to say so. */
  judgeWaits(deadline: number): void {
    this.#lockdep.guarded(() => {
      const old = [...this.#waiting].filter((ticket) => ticket.since <= deadline);
      for (const ticket of old.length > 1 ? waitsInCircles(old) : []) {
        this.#judge.wait(ticket, true);
      }
    });
  }

  /**
   * Judges what is left at the end.
   * @param isDrained whether nothing was left to run; else the end came from outside, such as a call of `process.exit`
   */
  finish(isDrained: boolean): void {
    if (!isDrained) {
      this.judgeWaits(Number.POSITIVE_INFINITY);
    }
    judgeEnd(this.#judge, { waiting: [...this.#waiting], held: this.#held }, isDrained);
  }

  #newFlow(site: RawSite, task?: string): FlowOwner {
    return new FlowOwner({ id: this.#lockdep.nextOwnerId(), site, resolver: this.#lockdep.state.resolver, task });
  }

  #context(): Context | null {
    return this.#storage.getStore() ?? null;
  }

  #decideNestings(outer: Ticket, evidence: unknown): void {
    const { confirmed, refuted } = decideNestings(outer, { context: this.#context(), evidence });
    for (const nesting of confirmed) {
      this.#judge.confirm(nesting);
    }
    this.#lockdep.refuted += refuted;
  }
}
