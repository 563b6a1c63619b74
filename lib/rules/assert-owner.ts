/**
 * `assert-owner`: code that one owner alone may run was run by another.
 */
import type { Violation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeAssertion, type OwnerClaim } from './assertion.ts';

export interface IdentityClaim extends OwnerClaim {
  /** Name of the owner that it must be. */
  readonly expected: string;
}

export function assertOwner(state: State, claim: IdentityClaim): readonly Violation[] {
  const { owner, expected } = claim;
  if (owner.name === expected) {
    return [];
  }
  return describeAssertion(state, claim, {
    rule: 'assert-owner',
    fact: `runs what only ${expected} may`,
    detail: expected,
  });
}
