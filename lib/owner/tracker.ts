/**
 * Finds the owner of async flows and tells the checker what they do.
 * What a flow gets while it holds something else is a dependency if the release of that waited for it; that is decided when
 * the release comes (`nesting.ts`). Waits that cannot end are seen when they begin (`watchdog.ts`), or judged at the end.
 */
import type { OwnerSource } from '../explicit/engine.ts';
import type { Lockdep } from '../lockdep.ts';
import type { OwnerRef } from '../model/owner.ts';
import { RELEASE_RULES } from '../rules/index.ts';
import type { LockInstance } from '../state/classes.ts';
import { captureSite, type RawSite } from '../state/site.ts';
import { FlowAsker } from './asker.ts';
import { heldBelow, heldIn, push } from './context.ts';
import { judgeEnd, judgeLong, judgeOld } from './ending.ts';
import { Extras } from './extras.ts';
import { noteCallback } from './handover.ts';
import { handDown } from './left.ts';
import { isPromise, markOwned, markSeen } from './marks.ts';
import { decideNestings, noteNestings } from './nesting.ts';
import { flowHooks } from './promise-hooks.ts';
import { runTask } from './task.ts';
import type { Context, Ticket } from './ticket.ts';
import { releaseUnnamed } from './unnamed.ts';
import { Watchdog } from './watchdog.ts';

export class FlowTracker extends FlowAsker implements OwnerSource {
  /** Called when it begins. */
  onStart: () => void = () => {};
  /** Called when the process ends. @param isDrained whether nothing was left to run */
  ended: (isDrained: boolean) => void = (isDrained) => this.lockdep.guarded(() => this.finish(isDrained));
  readonly #watchdog: Watchdog;
  readonly #extras: Extras;

  constructor(lockdep: Lockdep) {
    super(lockdep);
    this.#watchdog = new Watchdog(lockdep, this.live, this.judge);
    this.#extras = new Extras(lockdep, this);
    this.live.gaveUp = (ticket) => this.gaveUp(ticket);
  }

  /** Begins to follow flows. @returns false where the runtime does not report promises: then only callbacks are followed */
  start(): boolean {
    if (!this.lockdep.sources.has(this)) {
      this.lockdep.sources.add(this);
      flowHooks.checkers.add(this);
      this.#extras.apply();
      this.lockdep.settings.onChange = () => this.#extras.apply();
      if (!flowHooks.start()) {
        this.lockdep.notes.push(NOT_FOLLOWED);
      }
      this.onStart();
    }
    return flowHooks.isOn;
  }

  failed(error: unknown): void {
    this.lockdep.fail(error);
  }

  stop(): void {
    this.#extras.stop();
    this.lockdep.settings.onChange = () => {};
    this.lockdep.sources.delete(this);
    flowHooks.checkers.delete(this);
    if (flowHooks.checkers.isEmpty) {
      flowHooks.stop();
    }
  }

  /** Also follows the combinators of another world's `Promise`. */
  watchRealm(realm: PromiseConstructor): void {
    if (flowHooks.isOn) {
      flowHooks.realms.add(realm);
    }
  }

  /** The lock is not free: the flow has to wait. @param isFair whether whoever waits longer comes first; not where priorities let others pass */
  blocked(ticket: Ticket, isFair: boolean, below?: unknown): void {
    ticket.isBlocked = true;
    ticket.tickets.isFair = isFair;
    ticket.site ??= captureSite(below);
    this.#watchdog.blocked(ticket);
  }

  /**
   * The lock was given to the flow that asked for it.
   * @param task the function that runs as a flow of its own while the lock is held, where there is one
   */
  granted(ticket: Ticket, task?: { readonly name: string }): void {
    if (ticket.state !== 'waiting') {
      return;
    }
    if (task !== undefined) {
      ticket.owner = this.newFlow({ first: ticket, task: task.name });
    }
    this.#watchdog.granted(ticket);
    ticket.tickets.grant(ticket);
    ticket.state = 'held';
    if (!ticket.isExplicit) {
      this.lockdep.guarded(() => {
        const held = heldBelow(ticket);
        const isNew = this.judge.granted(ticket, held);
        if (held.length > 0 && !ticket.judged) {
          noteNestings(ticket, held, isNew);
        }
      });
    }
  }

  /** The wait ended by itself, without the lock: it timed out. */
  gaveUp(ticket: Ticket): void {
    const held = heldIn(ticket.base, this.live);
    if (this.#cancel(ticket)) {
      this.#watchdog.gaveUp(ticket);
      if (!ticket.isExplicit && !ticket.judged) {
        this.lockdep.guarded(() => noteNestings(ticket, held, true));
      }
    }
  }

  /** The request was taken back by the program, or never made because the call failed: it says nothing. */
  withdrawn(ticket: Ticket): void {
    this.#cancel(ticket);
  }

  /** The lock was given back. @param evidence the promise that ended the work under the lock, where there is one */
  released(ticket: Ticket, evidence?: unknown): void {
    if (ticket.state !== 'held') {
      return;
    }
    this.judge.thrown = null;
    this.#watchdog.released(ticket);
    if (ticket.inner !== null) {
      this.lockdep.guarded(() => this.#decideNestings(ticket, evidence));
    }
    ticket.state = 'released';
    handDown(ticket);
    this.#remove(ticket, true);
  }

  /** A release that names no acquire: the flow's own one if it has one, else the oldest. */
  releasedUnnamed(lock: LockInstance, units: number, site: RawSite): void {
    this.lockdep.guarded(() => releaseUnnamed(this, { lock, units, site }));
  }

  /** A release of what nobody holds, or somebody else does. @param isSecond whether it is the second one of the same acquire */
  stray(lock: LockInstance, site: RawSite, isSecond = false, by?: OwnerRef): void {
    const { held } = this;
    const owner = by ?? held.at(-1)?.owner ?? this.newFlow({ first: { place: site } });
    const holder = isSecond ? undefined : this.ticketsOf(lock).held[0];
    this.judge.thrown = null;
    this.judge.tell(RELEASE_RULES, { owner, lock, held, holder, site, lastReleased: null, exact: isSecond });
  }

  /** Throws what the policy has thrown at the last release, if anything. */
  throwFound(): void {
    if (this.judge.thrown !== null) {
      throw this.judge.thrown;
    }
  }

  /** Units of this lock come and go without owners, as those of a counter do: who holds them says nothing. */
  disown(lock: LockInstance): void {
    this.ticketsOf(lock).isUnowned = true;
  }

  /** The continuation that waits for `promise` owns the lock. */
  mark<Result>(promise: Result, ticket: Ticket): Result {
    return markOwned(promise, ticket);
  }

  /** Whoever goes on after `promise` has seen the lock granted, but does not own it. */
  markSeen<Result>(promise: Result, ticket: Ticket): Result {
    return markSeen(promise, ticket);
  }

  /** The running code has got the lock without waiting, and owns it from here on. @param below the function that it called */
  enter(ticket: Ticket, below: unknown): void {
    flowHooks.enter(ticket, below);
  }

  /** Runs a callback in the flow that asked for the lock, as its owner. */
  run<Result>(ticket: Ticket, work: () => Result): Result {
    const result = ticket.isExplicit ? work() : flowHooks.carrier.run(push(ticket.base, ticket, true), work);
    ticket.work = isPromise(result) ? result : null;
    noteCallback(ticket);
    return result;
  }

  /** Runs a function as a flow with a name. */
  task<Result>(name: string, work: () => Result): Result {
    return runTask(this.newFlow({ task: name }), work, (...end) => this.#watchdog.ended(...end));
  }

  /** Somebody holds the guard of the lock: if it is lost, so is the lock. */
  attach(ticket: Ticket, guard: object): void {
    ticket.guard = guard;
    this.#watchdog.wake();
  }

  /** Judges waits that began before `deadline` and may never end, in case the process does not live to say so. */
  judgeWaits(deadline: number): void {
    this.lockdep.guarded(() => judgeOld(this.judge, this.live, { deadline, now: this.lockdep.state.now() }));
  }

  /** Judges a wait for what other threads hold too, once it is long. */
  judgeLong(ticket: Ticket): void {
    this.judge.thrown = null;
    this.lockdep.guarded(() => judgeLong(this.judge, ticket, this.lockdep.state.now()));
  }

  /**
   * Judges what is left at the end.
   * @param isDrained whether nothing was left to run; else the end came from outside, such as a call of `process.exit`
   */
  finish(isDrained: boolean): void {
    if (!isDrained) {
      this.judgeWaits(Number.POSITIVE_INFINITY);
    }
    judgeEnd(this.judge, this.live, isDrained);
  }

  #cancel(ticket: Ticket): boolean {
    if (ticket.state !== 'waiting') {
      return false;
    }
    ticket.state = 'cancelled';
    this.#remove(ticket, false);
    return true;
  }

  #remove(ticket: Ticket, wasHeld: boolean): void {
    ticket.tickets.remove(ticket, wasHeld);
    // Else whoever remembers it would remember all that were before it.
    ticket.base = null;
    flowHooks.unuse();
  }

  #decideNestings(outer: Ticket, evidence: unknown): void {
    const context: Context | null = flowHooks.context;
    const { confirmed, refuted } = decideNestings(outer, { context, evidence });
    for (const nesting of confirmed) {
      this.judge.confirm(nesting);
    }
    this.lockdep.refuted += refuted;
  }
}

const NOT_FOLLOWED =
  'This runtime reports no promises: a flow is followed through the callback of run() up to its first await, and not beyond. Owners that are named are exact.';
