/**
 * `assert-none-held`: code that must not run under any lock ran under one.
 */
import type { Violation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeAssertion, type OwnerClaim } from './assertion.ts';

export function assertNoneHeld(state: State, claim: OwnerClaim): readonly Violation[] {
  const holder = claim.held.at(-1);
  if (holder === undefined) {
    return [];
  }
  const names = claim.held.map((held) => held.class.ref.name).join(', ');
  return describeAssertion(
    state,
    { owner: claim.owner, held: claim.held, site: claim.site, holder },
    { rule: 'assert-none-held', fact: `holds ${names}` },
  );
}
