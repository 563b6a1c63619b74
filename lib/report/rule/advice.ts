/**
 * What to do about a finding that is a warning by itself. Its short form says it too: few will ever see its long one.
 */
import type { RuleId, Violation } from '../../model/violation.ts';
import { isMisuse } from '../part/family.ts';
import type { Page } from '../part/page.ts';
import { leaseExpiredAdvice } from './lease-expired.ts';
import { limitAdvice } from './limit.ts';
import { misuseAdvice } from './misuse.ts';

const MILD: readonly RuleId[] = ['callback-under-lock', 'blocking-while-held'];

/** The lines behind the short form; none for what is an error unless somebody made it a warning. */
export function adviceOf(violation: Violation, page: Page): readonly string[] {
  if (isMisuse(violation)) {
    return MILD.includes(violation.rule) ? misuseAdvice(violation, page) : [];
  }
  if (violation.rule === 'lease-expired') {
    return leaseExpiredAdvice(violation, page);
  }
  const isLimit = violation.rule === 'long-hold' || violation.rule === 'long-wait';
  return isLimit ? limitAdvice(violation, page) : [];
}
