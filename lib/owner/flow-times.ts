/**
 * How long async flows wait for locks and hold them: counts it, and tells what is longer than its limit.
 * A wait costs two readings of a clock; a hold costs them only where holds are timed.
 */
import type { Lockdep } from '../lockdep.ts';
import type { OwnerRef } from '../model/owner.ts';
import { HOLD_RULES, WAIT_RULES } from '../rules/index.ts';
import type { ContendedAcquire } from '../state/profile.ts';
import { waitOf } from './ending.ts';
import { FlowOwner } from './flow-owner.ts';
import type { FlowJudge } from './judge.ts';
import type { LiveLocks } from './lock-tickets.ts';
import type { Ticket } from './ticket.ts';

/** An owner that is named: it knows by itself how long it holds its locks. */
type NamedOwner = Partial<Record<'blocked' | 'granted', (lock: Ticket['lock']) => void>>;

export class FlowTimes {
  readonly #lockdep: Lockdep;
  readonly #judge: FlowJudge;
  readonly #told = new WeakSet<Ticket>();
  readonly #toldBudget = new WeakSet<Ticket>();
  readonly #toldWait = new WeakSet<Ticket>();

  constructor(lockdep: Lockdep, judge: FlowJudge) {
    this.#lockdep = lockdep;
    this.#judge = judge;
  }

  /** Whether waits have a limit. */
  get limitsWaits(): boolean {
    return this.#lockdep.settings.longWaitMs !== Number.POSITIVE_INFINITY;
  }

  /** Whether a hold of this lock has a limit. */
  limitsHold({ class: lockClass }: Ticket): boolean {
    const { profile } = this.#lockdep;
    return profile.isTimed && Math.min(profile.longHoldMs, profile.budgetOf(lockClass)) !== Number.POSITIVE_INFINITY;
  }

  /** It has to wait. */
  blocked(ticket: Ticket): void {
    if (ticket.blockedAt < 0) {
      ticket.blockedAt = this.#lockdep.profile.now();
      ticket.waitsFor = holderOf(ticket);
      namedOwner(ticket)?.blocked?.(ticket.lock);
    }
  }

  granted(ticket: Ticket): void {
    const { profile } = this.#lockdep;
    this.waited(ticket);
    profile.meet(ticket.class);
    if (profile.isTimed) {
      ticket.heldAt = profile.now();
      namedOwner(ticket)?.granted?.(ticket.lock);
    }
    if (this.limitsWaits) {
      this.#checkWait(ticket);
    }
  }

  /** A wait is over, with the lock or without it. */
  waited(ticket: Ticket): void {
    const { profile } = this.#lockdep;
    if (ticket.blockedAt >= 0) {
      const waitMs = profile.now() - ticket.blockedAt;
      profile.contended(ticket.class, { waitMs, spins: 0, site: ticket.place, holder: ticket.waitsFor });
      ticket.waitsFor = null;
    }
  }

  released(ticket: Ticket): void {
    if (ticket.heldAt >= 0 && namedOwner(ticket) === undefined) {
      this.#lockdep.profile.held(ticket.class, this.#heldFor(ticket), ticket.place);
      this.#checkHold(ticket);
    }
  }

  /** Looks at what is held and waited for now. @returns whether there is anything that has a limit */
  look(live: LiveLocks): boolean {
    const { profile } = this.#lockdep;
    const timed = profile.isTimed ? live.held.filter((ticket) => this.limitsHold(ticket)) : [];
    for (const ticket of timed) {
      this.#checkHold(ticket);
    }
    const waiting = this.limitsWaits ? live.waiting : [];
    for (const ticket of waiting) {
      this.#checkWait(ticket);
    }
    return timed.length + waiting.length > 0;
  }

  #heldFor({ heldAt }: Ticket): number {
    return heldAt < 0 ? 0 : this.#lockdep.profile.now() - heldAt;
  }

  // What is over its budget is no matter for a warning any more.
  #checkHold(ticket: Ticket): void {
    const { profile } = this.#lockdep;
    const ms = this.#heldFor(ticket);
    const budgetMs = profile.budgetOf(ticket.class);
    if (ms > budgetMs) {
      this.#tellHold(ticket, { ms, limitMs: budgetMs, isBudget: true });
    } else if (ms > profile.longHoldMs) {
      this.#tellHold(ticket, { ms, limitMs: profile.longHoldMs, isBudget: false });
    }
  }

  #tellHold(held: Ticket, how: { readonly ms: number; readonly limitMs: number; readonly isBudget: boolean }): void {
    const told = how.isBudget ? this.#toldBudget : this.#told;
    if (!told.has(held)) {
      told.add(held);
      this.#judge.announce(HOLD_RULES, { held, ...how, waiters: held.tickets.waiting.length });
    }
  }

  #checkWait(ticket: Ticket): void {
    const { state, settings } = this.#lockdep;
    const { longWaitMs: limitMs } = settings;
    const ms = state.now() - ticket.since;
    if (ms > limitMs && !this.#toldWait.has(ticket)) {
      this.#toldWait.add(ticket);
      this.#judge.announce(WAIT_RULES, { wait: waitOf(ticket), ms, limitMs });
    }
  }
}

function namedOwner({ isExplicit, asker }: Ticket): (OwnerRef & NamedOwner) | undefined {
  return isExplicit ? asker : undefined;
}

/** Who holds the lock that is waited for: flows of one origin are one, for each of them is there only once. */
function holderOf({ tickets }: Ticket): ContendedAcquire['holder'] {
  const holder = tickets.isUnowned ? null : tickets.oldestHeld;
  if (holder === null) {
    return null;
  }
  const { owner, place } = holder;
  return { owner: owner instanceof FlowOwner ? () => owner.origin : owner.name, site: place };
}
