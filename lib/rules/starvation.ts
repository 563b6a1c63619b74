/**
 * `starvation`: an owner waits while others get the lock again and again. Nothing is stuck, and it may get the lock at any time, or
 * never. How long and how often is too much is for the caller to say.
 */
import { actorOf } from '../model/actor.ts';
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import { shareOf } from '../model/unit.ts';
import type { StarvationViolation } from '../model/violation.ts';
import type { LockClass, LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

export interface Starvation {
  /** Who waits. */
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  readonly lock: LockInstance;
  readonly class: LockClass;
  /** Where it asked. */
  readonly site: RawSite | null;
  /** Milliseconds that it waits. */
  readonly ms: number;
  /** How often others got the lock meanwhile. */
  readonly passed: number;
  /** Who holds it now, where somebody does. */
  readonly holder: StarvationViolation['holder'];
}

/** Quiet where nobody else got the lock: then it is held for long, and nobody is passed. */
export function starvation(state: State, event: Starvation): readonly StarvationViolation[] {
  const { owner, held, ms, passed, holder } = event;
  if (passed === 0) {
    return [];
  }
  const lock = event.class.ref;
  const asked = resolve(state, event.site);
  const times = passed === 1 ? 'once' : `${passed} times`;
  const now = holder === null ? '' : `; ${actorOf(holder)} holds it now`;
  const base = finding(state, {
    rule: 'starvation',
    severity: 'warning',
    confidence: 'certain',
    message: `${owner.name} waited ${Math.round(ms)} ms for ${shareOf(lock)} while others got it ${times}${now}.`,
    owner,
    held,
    sites: [asked, holder?.site ?? null],
    // Who of the others holds it at that moment is chance.
    identity: [classAnchor(lock), placeKey(asked)],
  });
  return [{ ...base, lock, asked, ms, passed, holder }];
}
