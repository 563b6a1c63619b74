/**
 * What is looked for while async flows wait for a lock over shared memory: holders that have ended, and waits that are so long that they may
 * never end. Costs a look at the holders for each turn, and one at all who wait every half second.
 */
import { stopwatch } from '../../../state/profile.ts';
import { FlowClaim } from '../../flow-claim.ts';
import { deadHolders, refuseDead } from '../waiting/look.ts';
import { Wait } from '../waiting/wait.ts';
import type { Waitable } from '../waiting/waiting.ts';
import type { AsyncRequest } from './async-request.ts';
import { modeCode } from './units-ask.ts';

const LOOK_AGAIN_MS = 500;

/** @throws OwnerDiedError, or what the policy throws, where a holder has ended */
export function lookForDead(lock: Waitable, { how, claim }: AsyncRequest): void {
  for (const slot of deadHolders(lock)) {
    const owner = lock.witness?.owner ?? null;
    const wait = new Wait(lock, { owner, caller: how.caller, mode: modeCode(how) });
    wait.site = claim instanceof FlowClaim ? claim.place : null;
    refuseDead(wait, slot);
  }
}

/** The waits for one lock. */
export class LongWaits {
  #lookedAt = 0;

  /** Whoever waits for long may wait for a thread that waits for this one: nobody else sees that. */
  look(waiting: Iterable<AsyncRequest>): void {
    const now = stopwatch();
    if (now - this.#lookedAt < LOOK_AGAIN_MS) {
      return;
    }
    this.#lookedAt = now;
    for (const request of [...waiting]) {
      try {
        if (request.claim instanceof FlowClaim) {
          request.claim.lasts();
        }
      } catch (error) {
        request.giveUp(error);
      }
    }
  }
}
