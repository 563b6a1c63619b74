/**
 * `assert-may-sleep`: code that must be able to sleep ran where nobody may.
 */
import type { Violation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeAssertion, type OwnerClaim } from './assertion.ts';
import { sleepLimit } from './sleep-while-held.ts';

export function assertMaySleep(state: State, claim: OwnerClaim): readonly Violation[] {
  const limit = sleepLimit(state, claim);
  if (limit === undefined) {
    return [];
  }
  const { held, context } = limit;
  const isIn = context !== null && claim.situation.inside.includes(context);
  const where = isIn ? `it is in ${context.name}` : `${context?.name} is disabled`;
  const why = held === null ? where : `it holds ${held.class.ref.name}, a ${held.class.kind.name}`;
  const { owner, site } = claim;
  const about = { owner, held: claim.held, site, holder: held ?? undefined };
  return describeAssertion(state, about, { rule: 'assert-may-sleep', fact: `may not sleep: ${why}` });
}
