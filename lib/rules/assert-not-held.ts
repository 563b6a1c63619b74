/**
 * `assert-not-held`: code that must not run under a lock ran under it.
 */
import type { Violation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { type Claim, describeAssertion } from './assertion.ts';

export function assertNotHeld(state: State, claim: Claim): readonly Violation[] {
  if (!claim.held.some((held) => held.lock === claim.lock)) {
    return [];
  }
  return describeAssertion(state, claim, { rule: 'assert-not-held', fact: `must not hold ${claim.lock.name}` });
}
