/**
 * `assert-context`: code that relies on a context being enabled, disabled, entered or not entered ran where that is not so.
 */
import type { Violation } from '../model/violation.ts';
import type { Context } from '../state/contexts.ts';
import type { State } from '../state/state.ts';
import { describeAssertion, type OwnerClaim } from './assertion.ts';

export interface ContextClaim extends OwnerClaim {
  readonly context: Context;
  readonly expected: 'enabled' | 'disabled' | 'in' | 'not-in';
}

const FACTS: Readonly<Record<ContextClaim['expected'], string>> = {
  enabled: 'disabled, not enabled',
  disabled: 'enabled, not disabled',
  in: 'not entered',
  'not-in': 'entered',
};

export function assertContext(state: State, claim: ContextClaim): readonly Violation[] {
  const { situation, context, expected } = claim;
  const holds: Readonly<Record<ContextClaim['expected'], boolean>> = {
    enabled: !situation.disabled.includes(context),
    disabled: situation.disabled.includes(context),
    in: situation.inside.includes(context),
    'not-in': !situation.inside.includes(context),
  };
  if (holds[expected]) {
    return [];
  }
  const fact = `runs with ${context.name} ${FACTS[expected]}`;
  return describeAssertion(state, claim, { rule: 'assert-context', fact, detail: `${context.name} ${expected}` });
}
