/**
 * A request as the checker follows it: a ticket of the flow that asks, or of an owner that is named.
 */

import { Ticket, type TicketFacts } from '../owner/ticket.ts';
import type { FlowTracker } from '../owner/tracker.ts';
import type { Owner } from '../owner.ts';
import { captureSite } from '../state/site.ts';
import type { Claim } from './witness.ts';

export interface ClaimFacts extends TicketFacts {
  readonly tracker: FlowTracker;
  readonly below: unknown;
  /** The owner that was named, who is told of everything too. */
  readonly named: Owner | undefined;
  readonly upgrades: FlowClaim | undefined;
}

export class FlowClaim extends Ticket implements Claim {
  readonly #tracker: FlowTracker;
  readonly #below: unknown;
  readonly #named: Owner | undefined;
  #upgrades: FlowClaim | undefined;

  constructor(facts: ClaimFacts) {
    super(facts);
    this.#tracker = facts.tracker;
    this.#below = facts.below;
    this.#named = facts.named;
    this.#upgrades = facts.upgrades;
    if (facts.upgrades !== undefined) {
      facts.upgrades.upgrade = this;
    }
  }

  get held(): boolean {
    return this.state === 'held';
  }

  mark<Promised>(promise: Promised): Promised {
    return this.#named === undefined ? this.#tracker.mark(promise, this) : promise;
  }

  markWork<Promised>(promise: Promised): Promised {
    return this.#tracker.markSeen(promise, this);
  }

  blocked(): void {
    this.#tracker.blocked(this, true, this.#below);
  }

  granted(): void {
    const upgraded = this.#upgrades;
    if (upgraded !== undefined) {
      this.#upgrades = undefined;
      upgraded.upgrade = null;
      this.#tracker.released(upgraded);
    }
    this.#tracker.granted(this);
    if (this.try && this.#named === undefined) {
      this.#tracker.enter(this, this.#below);
    }
  }

  gaveUp(): void {
    this.#forgo();
    this.#tracker.gaveUp(this);
  }

  withdrawn(): void {
    this.#forgo();
    this.#tracker.withdrawn(this);
  }

  released(evidence?: unknown): void {
    this.#tracker.released(this, evidence);
    this.#named?.release(this.lock, { caller: this.#below as never });
    this.#tracker.throwFound();
  }

  run<Result>(work: () => Result): Result {
    return this.#tracker.run(this, work);
  }

  attach(guard: object): void {
    this.#tracker.attach(this, guard);
  }

  downgraded(): void {
    this.mode = 'shared';
    this.#named?.downgrade(this.lock);
  }

  misreleased(caller: unknown): void {
    this.#tracker.stray(this.lock, captureSite(caller), true, this.#named);
    this.#tracker.throwFound();
  }

  awaits(promise: object): void {
    this.work = promise;
  }

  #forgo(): void {
    if (this.#upgrades !== undefined) {
      this.#upgrades.upgrade = null;
      this.#upgrades = undefined;
    } else if (this.state === 'waiting') {
      this.#named?.release(this.lock, { caller: this.#below as never });
    }
  }
}
