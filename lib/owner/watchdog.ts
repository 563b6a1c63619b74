/**
 * What happens while the program runs: a circle of waits that has closed, a lock that is held or waited for too long, a guard that
 * nobody has any more, a task that ended with a lock held. Looks at what has just changed at once, and at the rest every
 * so often, as long as there is something to look at.
 */

import type { Lockdep } from '../lockdep.ts';
import { DeadlockError } from '../locks/errors.ts';
import type { OwnerRef } from '../model/owner.ts';
import { deadlock } from '../rules/deadlock.ts';
import { ABANDON_RULES, DEADLOCK_RULES, EXIT_RULES } from '../rules/index.ts';
import { heldIn } from './context.ts';
import { StuckWaits } from './deadlock.ts';
import { waitOf } from './ending.ts';
import { FlowTimes } from './flow-times.ts';
import type { FlowJudge } from './judge.ts';
import type { LiveLocks } from './lock-tickets.ts';
import { flowHooks } from './promise-hooks.ts';
import type { Ticket } from './ticket.ts';

const INTERVAL_MS = 100;

// Taken here, before a test can put fake ones in their place.
const { setTimeout: startTimer, queueMicrotask: soon } = globalThis;

export class Watchdog {
  readonly #lockdep: Lockdep;
  readonly #live: LiveLocks;
  readonly #judge: FlowJudge;
  /** Waits of owners who hold something, and so may be part of a circle. */
  readonly #suspects = new Set<Ticket>();
  /** Those that have just begun. */
  readonly #fresh: Ticket[] = [];
  readonly #guards = new FinalizationRegistry<Ticket>((ticket) => this.#lost(ticket));
  readonly #times: FlowTimes;
  #isAwake = false;

  constructor(lockdep: Lockdep, live: LiveLocks, judge: FlowJudge) {
    this.#lockdep = lockdep;
    this.#live = live;
    this.#judge = judge;
    this.#times = new FlowTimes(lockdep, judge);
  }

  /** Looks at everything again after a while. */
  wake(): void {
    if (this.#isAwake) {
      return;
    }
    this.#isAwake = true;
    // Outside of all flows: the timer is nobody's callback.
    flowHooks.carrier.run(null, () => {
      const timer = startTimer(() => this.#look(), INTERVAL_MS) as { unref?: () => void };
      timer.unref?.();
    });
  }

  blocked(ticket: Ticket): void {
    this.#times.blocked(ticket);
    if (this.#times.limitsWaits) {
      this.wake();
    }
    if (ticket.ends || !this.#holdsAny(ticket)) {
      return;
    }
    this.#suspects.add(ticket);
    this.#fresh.push(ticket);
    this.wake();
    if (this.#fresh.length === 1) {
      // What the askers wait for is known when they have given way.
      flowHooks.carrier.run(null, () => soon(() => this.#lockdep.guarded(() => this.#suspect(this.#fresh.splice(0)))));
    }
  }

  /** Whoever holds nothing is nobody's way. */
  #holdsAny({ isExplicit, isUpgrade, base, asker }: Ticket): boolean {
    if (isExplicit) {
      return this.#live.held.some((held) => held.isExplicit && held.owner === asker);
    }
    return isUpgrade || heldIn(base, this.#live).length > 0;
  }

  granted(ticket: Ticket): void {
    this.#suspects.delete(ticket);
    this.#times.granted(ticket);
    if (this.#times.limitsHold(ticket)) {
      this.wake();
    }
  }

  /** The wait is over, without the lock. */
  gaveUp(ticket: Ticket): void {
    this.#times.waited(ticket);
  }

  released(ticket: Ticket): void {
    ticket.guard = null;
    this.#times.released(ticket);
  }

  /** A task has ended. What it holds nobody gives back, unless its result does. */
  ended(owner: OwnerRef, result: unknown): void {
    if (typeof result === 'object' && result !== null) {
      return;
    }
    const held = this.#live.held.filter((ticket) => ticket.owner === owner && !ticket.isLost);
    if (held.length > 0) {
      for (const ticket of held) {
        ticket.isLost = true;
      }
      this.#judge.announce(EXIT_RULES, { held, severity: 'error' });
    }
  }

  #look(): void {
    this.#isAwake = false;
    this.#lockdep.guarded(() => {
      for (const ticket of this.#suspects) {
        if (ticket.state !== 'waiting') {
          this.#suspects.delete(ticket);
        }
      }
      this.#suspect([...this.#suspects]);
      this.#lookAtGuards();
      if (this.#times.look(this.#live)) {
        this.wake();
      }
    });
  }

  #suspect(tickets: readonly Ticket[]): void {
    flowHooks.segment.end();
    const suspects = tickets.filter((ticket) => ticket.state === 'waiting' && this.#suspects.has(ticket));
    if (suspects.length === 0) {
      return;
    }
    const stuck = new StuckWaits(suspects);
    for (const ticket of suspects) {
      const circle = this.#suspects.has(ticket) ? stuck.circleFrom(ticket) : [];
      for (const one of circle) {
        this.#suspects.delete(one);
      }
      if (circle.length > 0) {
        this.#deadlocked(circle);
      }
    }
    if (this.#suspects.size > 0) {
      this.wake();
    }
  }

  // Told from the one who closed it; the last one whose wait can be ended is the one to end.
  #deadlocked(circle: readonly Ticket[]): void {
    const latest = circle.reduce((last, one) => (one.order > last.order ? one : last));
    const closer = circle.indexOf(latest);
    const waits = [...circle.slice(closer + 1), ...circle.slice(0, closer + 1)];
    const rejects = this.#lockdep.settings.onDeadlock === 'reject' && latest.reject !== null;
    for (const wait of waits) {
      this.#judge.wait(wait, false);
    }
    this.#judge.thrown = null;
    const event = { waits: waits.map(waitOf), rejected: rejects };
    // As it is this time: the finding tells of the first.
    const violation = rejects ? deadlock(this.#lockdep.state, event)[0] : undefined;
    this.#judge.tell(DEADLOCK_RULES, event);
    if (this.#judge.thrown !== null) {
      latest.reject?.(this.#judge.thrown);
    } else if (violation !== undefined) {
      latest.reject?.(new DeadlockError(violation));
    }
  }

  #lookAtGuards(): void {
    for (const ticket of this.#live.held) {
      const { guard } = ticket;
      if (guard !== null) {
        // From here on only the program keeps it.
        ticket.guard = null;
        this.#guards.register(guard, ticket);
      }
    }
  }

  #lost(ticket: Ticket): void {
    if (ticket.state === 'held' && !ticket.isLost) {
      ticket.isLost = true;
      this.#judge.announce(ABANDON_RULES, { held: ticket, how: 'collected' });
    }
  }
}
