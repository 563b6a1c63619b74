/**
 * Finds the owner of async flows and tells the checker what they do.
 * A dependency is recorded when the inner lock is granted and the outer one is still held: if the outer one was
 * released in between, its release did not wait for the inner one, and there is nothing to record. Waits that
 * do not end are judged by `judgeWaits`, called from time to time and at the end.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Lockdep } from '../lockdep.ts';
import type { Mode } from '../model/lock.ts';
import type { Severity } from '../model/violation.ts';
import type { HeldView, OwnerSource } from '../owner.ts';
import { LockdepError } from '../policy.ts';
import { EXIT_RULES, NESTING_RULES, RELEASE_RULES, type Rule, STALL_RULES } from '../rules/index.ts';
import type { Wait } from '../rules/stalled.ts';
import { type ChainNode, stepKey } from '../state/chains.ts';
import type { LockInstance } from '../state/classes.ts';
import type { HeldLock, OwnerRef } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { Attempt } from '../state/state.ts';
import { type Linked, markAcquired, markSeen } from './links.ts';
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
  readonly #storage = new AsyncLocalStorage<Context | null>();
  readonly #waiting = new Set<Ticket>();
  readonly #held = new Set<Ticket>();
  #stop: (() => void) | undefined;

  constructor(lockdep: Lockdep) {
    this.#lockdep = lockdep;
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
      isWatching: () => this.#waiting.size + this.#held.size > 0,
      gaveUp: (ticket) => this.cancelled(ticket),
    });
    return this.#stop !== undefined;
  }

  stop(): void {
    this.#stop?.();
    this.#lockdep.sources.delete(this);
    this.#storage.disable();
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
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
    return [...this.#held].filter((ticket) => ticket.lock === lock);
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
      this.#step(ticket, held);
      noteNestings(ticket, held);
    });
  }

  /** The wait ended without the lock. What the flow still holds was held all the time, so the wait is judged. */
  cancelled(ticket: Ticket): void {
    if (this.#waiting.delete(ticket)) {
      this.#lockdep.guarded(() => this.#judge(ticket));
      ticket.state = 'cancelled';
    }
  }

  /** The request was never made: the call that made it failed. */
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
    const context = this.#context();
    const own = heldIn(context).findLast((ticket) => ticket.lock === lock && ticket.units === units);
    const holder = own ?? [...this.#held].find((ticket) => ticket.lock === lock && ticket.units === units);
    if (own === undefined) {
      const held = heldIn(context);
      const owner = held.at(-1)?.owner ?? this.#newFlow(site);
      this.#tell(RELEASE_RULES, { owner, lock, held, holder, site, lastReleased: null, exact: false });
    }
    if (holder !== undefined) {
      this.released(holder);
    }
  }

  /** The continuation that waits for `promise` owns the lock. */
  mark<Result>(promise: Result, ticket: Ticket): Result {
    markAcquired(promise as Linked, ticket);
    return promise;
  }

  /** Whoever goes on after `promise` has seen the lock granted, but does not own it. */
  markSeen<Result>(promise: Result, ticket: Ticket): Result {
    markSeen(promise as Linked, [ticket]);
    return promise;
  }

  /** Runs a callback in the flow that asked for the lock, as its owner. */
  run<Result>(ticket: Ticket, work: () => Result): Result {
    return this.#storage.run(push(ticket.base, ticket, true), work);
  }

  /** Judges the waits that began before `deadline` and did not end. Each is judged once. */
  judgeWaits(deadline: number): void {
    this.#lockdep.guarded(() => {
      for (const ticket of this.#waiting) {
        if (ticket.since <= deadline) {
          this.#judge(ticket);
        }
      }
    });
  }

  /**
   * Judges what is left when nothing runs any more.
   * @param severity a warning where the end came from outside, such as a call of `process.exit`
   */
  finish(severity: Severity): void {
    this.judgeWaits(Number.POSITIVE_INFINITY);
    const waits: Wait[] = [...this.#waiting].map((ticket) => {
      const { asker: owner, lock, site, since, base } = ticket;
      return { owner, lock, site, since, held: heldIn(base), holders: this.holders(lock) };
    });
    this.#tell(STALL_RULES, { waits, severity });
    const waiting = new Set(waits.map((wait) => wait.owner));
    // A lock held by somebody who waits is part of the stall, and no finding of its own.
    const held = [...this.#held].filter((ticket) => !waiting.has(ticket.owner));
    this.#tell(EXIT_RULES, { held, severity });
  }

  #newFlow(site: RawSite, task?: string): FlowOwner {
    return new FlowOwner({ id: this.#lockdep.nextOwnerId(), site, resolver: this.#lockdep.state.resolver, task });
  }

  #context(): Context | null {
    return this.#storage.getStore() ?? null;
  }

  #judge(ticket: Ticket): void {
    if (ticket.judged || ticket.try) {
      return;
    }
    ticket.judged = true;
    const held = heldIn(ticket.base);
    if (held.length > 0) {
      this.#quietly(() => this.#lockdep.step(this.#chainOf(held), attemptOf(ticket, held, false)));
    }
  }

  #step(ticket: Ticket, held: readonly Ticket[]): void {
    const chain = this.#chainOf(held);
    ticket.chain = this.#known(chain, ticket) ?? chain;
    if (ticket.chain === chain) {
      this.#quietly(() => {
        ticket.chain = this.#lockdep.step(chain, attemptOf(ticket, held, true));
      });
    }
  }

  #known(chain: ChainNode, ticket: Ticket): ChainNode | undefined {
    const { lock, mode, asker } = ticket;
    return this.#lockdep.known(chain, stepKey(lock.class, mode, ticket.try), lock, asker);
  }

  // What lies between was released may never have been seen without it, so steps that are missing are proved here.
  #chainOf(held: readonly Ticket[]): ChainNode {
    let chain = this.#lockdep.state.chains.root;
    for (const [at, ticket] of held.entries()) {
      const next = chain.next.get(stepKey(ticket.lock.class, ticket.mode, ticket.try));
      chain = next ?? this.#lockdep.step(chain, attemptOf(ticket, held.slice(0, at), true));
    }
    return chain;
  }

  #decideNestings(outer: Ticket, evidence: unknown): void {
    const { confirmed, refuted } = decideNestings(outer, { context: this.#context(), evidence });
    for (const { ticket, held } of confirmed) {
      this.#tell(NESTING_RULES, attemptOf(ticket, held, false));
    }
    this.#lockdep.refuted += refuted;
  }

  #tell<Event>(rules: readonly Rule<Event>[], event: Event): void {
    this.#quietly(() => this.#lockdep.judge(rules, event));
  }

  // The events arrive inside the libraries that are watched, which must not see an error of ours. It is recorded by then.
  #quietly(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof LockdepError)) {
        throw error;
      }
    }
  }
}

function attemptOf(ticket: Ticket, held: readonly HeldLock[], tentative: boolean): Attempt {
  const { asker: owner, lock, mode, units, site } = ticket;
  return { owner, lock, mode, units, try: ticket.try, tentative, held, site };
}
