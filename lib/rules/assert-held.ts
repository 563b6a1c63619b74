/**
 * `assert-held`: code that must run under a lock ran without it.
 */
import type { Violation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { type Claim, describeAssertion } from './assertion.ts';

export function assertHeld(state: State, claim: Claim): readonly Violation[] {
  if (claim.held.some((held) => held.lock === claim.lock)) {
    return [];
  }
  return describeAssertion(state, claim, { rule: 'assert-held', fact: `does not hold ${claim.lock.name}` });
}
