/**
 * `owner-died`: a thread ended while it held a lock. It is found by whoever waits for the lock, or by the next one who asks; where
 * nobody ever asks, it is not.
 */
import { actorOf } from '../model/actor.ts';
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import { shareOf } from '../model/unit.ts';
import type { OwnerDiedViolation } from '../model/violation.ts';
import type { LockClass, LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

export interface OwnerDeath {
  /** Who found it. */
  readonly owner: OwnerRef;
  /** What that one holds, outermost first. */
  readonly held: readonly HeldLock[];
  readonly lock: LockInstance;
  readonly class: LockClass;
  /** Who ended: the name of the thread, that of its owner, and where it had taken the lock. */
  readonly dead: { readonly name: string; readonly owner: string; readonly site: OwnerDiedViolation['dead']['site'] };
  readonly mode: OwnerDiedViolation['mode'];
  /** How many wait for the lock, the one who found it among them; 0 where it only asks. */
  readonly waiters: number;
  /** Where the one who found it asked. */
  readonly site: RawSite | null;
}

export function ownerDied(state: State, event: OwnerDeath): readonly OwnerDiedViolation[] {
  const { owner, held, mode, waiters } = event;
  const lock = event.class.ref;
  const { name: thread, owner: deadOwner, site: taken } = event.dead;
  const dead = { thread, owner: deadOwner, site: taken };
  const asked = resolve(state, event.site);
  const how = mode === 'shared' ? ' as a reader' : '';
  const base = finding(state, {
    rule: 'owner-died',
    severity: 'error',
    confidence: 'certain',
    message: `${actorOf(dead)} ended while it held ${shareOf(lock)}${how}; ${whoWants(owner.name, waiters)} it.`,
    owner,
    held,
    sites: [taken, asked],
    // Who stumbles over it is chance.
    identity: [classAnchor(lock), placeKey(taken ?? asked)],
  });
  return [{ ...base, lock, dead, mode, waiters, asked }];
}

function whoWants(finder: string, waiters: number): string {
  if (waiters === 0) {
    return `${finder} asks for`;
  }
  const others = waiters - 1;
  return others === 0 ? `${finder} waits for` : `${finder} and ${others} other${others === 1 ? '' : 's'} wait for`;
}
