/**
 * `assert-not-held`: code that must not run under a lock ran under it.
 */
import type { Violation } from '../model/violation.ts';
import { isOf } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { type Claim, describeAssertion } from './assertion.ts';

export function assertNotHeld(state: State, claim: Claim): readonly Violation[] {
  const isHeld = claim.held.some((held) => isOf(held, claim.lock));
  return isHeld ? describeAssertion(state, claim, { rule: 'assert-not-held', fact: `holds ${claim.lock.name}` }) : [];
}
