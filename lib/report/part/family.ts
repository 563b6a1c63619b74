/**
 * The families of rules whose findings are told in one way.
 */
import { ASSERT_RULES, MISUSE_RULES, ORDER_RULES, type RuleId } from '../../model/rule.ts';
import type { AssertViolation, MisuseViolation, OrderRuleViolation, Violation } from '../../model/violation.ts';

/** A finding of a rule that is told in a way of its own, or as one of two. */
export type LoneViolation = Exclude<Violation, MisuseViolation | OrderRuleViolation | AssertViolation>;

export function isMisuse(violation: Violation): violation is MisuseViolation {
  return isOf(MISUSE_RULES, violation);
}

export function isOrderRule(violation: Violation): violation is OrderRuleViolation {
  return isOf(ORDER_RULES, violation);
}

export function isAssertion(violation: Violation): violation is AssertViolation {
  return isOf(ASSERT_RULES, violation);
}

function isOf(family: readonly RuleId[], { rule }: Violation): boolean {
  return family.includes(rule);
}
