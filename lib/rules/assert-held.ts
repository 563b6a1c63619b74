/**
 * `assert-held`: code that must run under a lock ran without it, or with it held in another mode.
 */
import type { Violation } from '../model/violation.ts';
import { isOf } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { type Claim, describeAssertion } from './assertion.ts';

export function assertHeld(state: State, claim: Claim): readonly Violation[] {
  const { held, lock, wanted } = claim;
  const own = held.filter((one) => isOf(one, lock));
  const fits = own.some(({ mode }) => wanted === undefined || (mode === 'exclusive') === (wanted === 'exclusive'));
  if (fits) {
    return [];
  }
  const [first] = own;
  const fact =
    first === undefined ? `does not hold ${lock.name}` : `holds ${lock.name} as ${first.mode}, not as ${wanted}`;
  return describeAssertion(state, claim, { rule: 'assert-held', fact });
}
