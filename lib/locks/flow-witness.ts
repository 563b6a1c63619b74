/**
 * What async locks tell a checker, and the claims that programs make about them.
 */
import type { Lockdep } from '../lockdep.ts';
import { flowsOf } from '../owner/flows.ts';
import type { FlowTracker } from '../owner/tracker.ts';
import { HELD_ASSERTIONS, NOT_HELD_ASSERTIONS } from '../rules/index.ts';
import type { LockInstance } from '../state/classes.ts';
import { isOf } from '../state/held.ts';
import { captureSite } from '../state/site.ts';
import { type ClaimOptions, FlowClaim } from './flow-claim.ts';
import type { Ask, Claim, LockDescription, Witness } from './witness.ts';

export class FlowWitness implements Witness {
  readonly #lockdep: Lockdep;
  readonly #tracker: FlowTracker;

  constructor(lockdep: Lockdep) {
    this.#lockdep = lockdep;
    this.#tracker = flowsOf(lockdep);
  }

  ask(lock: LockInstance, request: Ask): Claim {
    const { mode, units, try: isTry, ends, owner, caller, together, upgrades } = request;
    if (owner !== undefined && upgrades === undefined) {
      owner.acquire(lock, {
        mode: mode ?? 'exclusive',
        units: units ?? 1,
        try: isTry ?? false,
        caller: caller as never,
      });
    }
    return this.#tracker.requestAs<FlowClaim, ClaimOptions>(FlowClaim, lock, {
      mode,
      units,
      try: isTry,
      ends,
      owner,
      isUpgrade: upgrades !== undefined,
      together,
      below: caller,
      tracker: this.#tracker,
      upgrades: upgrades as FlowClaim | undefined,
    });
  }

  lock(name: string | undefined, { below, like, ...description }: LockDescription): LockInstance {
    return this.#tracker.lockOf(name, description, { below, like });
  }

  assertHeld(lock: LockInstance, mode: 'exclusive' | 'shared' | undefined, caller: unknown): void {
    const running = this.#lockdep.running;
    if (running !== undefined) {
      running.assertHeld(lock, mode);
    } else if (!this.#tracker.mayHold(lock)) {
      this.#judge(HELD_ASSERTIONS, this.#claim(lock, mode, caller));
    }
  }

  assertNotHeld(lock: LockInstance, caller: unknown): void {
    const running = this.#lockdep.running;
    if (running !== undefined) {
      running.assertNotHeld(lock);
    } else {
      this.#judge(NOT_HELD_ASSERTIONS, this.#claim(lock, undefined, caller));
    }
  }

  #claim(lock: LockInstance, wanted: 'exclusive' | 'shared' | undefined, caller: unknown): HeldClaim {
    const { held } = this.#tracker;
    const own = held.findLast((one) => isOf(one, lock));
    const holder = own ?? this.#lockdep.holdersOf(lock)[0];
    return { owner: this.#tracker.owner, held, lock, wanted, site: captureSite(caller), holder };
  }

  #judge(rules: typeof HELD_ASSERTIONS, claim: HeldClaim): void {
    this.#lockdep.during(() => this.#lockdep.judge(rules, claim));
  }
}

type HeldClaim = Parameters<(typeof HELD_ASSERTIONS)[number]>[1];
