import type { Lockdep } from '../../lib/lockdep.ts';
import type { Violation } from '../../lib/model/violation.ts';

/** The only finding of a checker, which must be one of this rule: also where several rules have findings of one shape. */
export function only<Rule extends Violation['rule']>(ld: Lockdep, rule: Rule): Violation & { readonly rule: Rule } {
  expect(ld.violations.map((violation) => violation.rule)).toEqual([rule]);
  return ld.violations[0] as Violation & { readonly rule: Rule };
}
