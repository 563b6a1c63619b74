/**
 * A request as the checker follows it: a ticket of the flow that asks, or of an owner that is named.
 */

import { type Asking, type RequestOptions, Ticket } from '../owner/ticket.ts';
import type { FlowTracker } from '../owner/tracker.ts';
import type { Owner } from '../owner.ts';
import { captureSite } from '../state/site.ts';
import type { Claim } from './witness.ts';

/** How a claim is made. */
export interface ClaimOptions extends RequestOptions {
  readonly tracker: FlowTracker;
  /** The owner that was named, who is told of everything too. */
  readonly owner: Owner | undefined;
  readonly upgrades: FlowClaim | undefined;
}

export class FlowClaim extends Ticket implements Claim {
  readonly #tracker: FlowTracker;
  readonly #below: unknown;
  readonly #named: Owner | undefined;
  #upgrades: FlowClaim | undefined;

  constructor(asking: Asking, options: ClaimOptions) {
    super(asking, options);
    const { tracker, below, owner, upgrades } = options;
    this.#tracker = tracker;
    this.#below = below;
    this.#named = owner;
    this.#upgrades = upgrades;
    if (upgrades !== undefined) {
      upgrades.upgrade = this;
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

  blocked(reject?: (error: Error) => void): void {
    this.reject = reject ?? null;
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

  /** It waits on, maybe for another thread. @throws LockdepError under the `throw` policy */
  lasts(): void {
    this.#tracker.judgeLong(this);
    this.#tracker.throwFound();
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
