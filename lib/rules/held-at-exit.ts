/**
 * `held-at-exit`: an owner ended with a lock held, so nobody gets it any more.
 */
import { classAnchor } from '../model/fingerprint.ts';
import { shareOf } from '../model/unit.ts';
import type { Severity, Violation } from '../model/violation.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

export interface OwnerExit {
  /** What it still holds. */
  readonly held: readonly HeldLock[];
  /** A warning where the end came from outside, such as a call of `process.exit`. */
  readonly severity: Severity;
  /** Name of the context that was left, where the owner itself goes on. */
  readonly context?: string;
}

export function heldAtExit(state: State, { held, severity, context }: OwnerExit): readonly Violation[] {
  return held.map((one) => {
    const lock = one.class.ref;
    const what = shareOf(lock);
    const taken = resolve(state, takenAt(one));
    const base = finding(state, {
      rule: 'held-at-exit',
      severity,
      confidence: 'certain',
      message:
        context === undefined
          ? `${one.owner.name} ended with ${what} held.`
          : `${one.owner.name} left ${context} with ${what} held.`,
      owner: one.owner,
      held: [one],
      sites: [taken],
      identity: [classAnchor(lock), placeKey(taken)],
    });
    return { ...base, lock, context: context ?? null, taken };
  });
}
