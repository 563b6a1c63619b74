/**
 * What to do about a finding that is a warning by itself. Its short form says it too: few will ever see its long one.
 */
import type { RuleId, Violation } from '../../model/violation.ts';
import { isMisuse } from '../part/family.ts';
import type { Page } from '../part/page.ts';
import { leaseExpiredAdvice } from './lease-expired.ts';
import { limitAdvice } from './limit.ts';
import { misuseAdvice } from './misuse.ts';
import { priorityInversionAdvice } from './priority-inversion.ts';
import { starvationAdvice } from './starvation.ts';

const MILD: readonly RuleId[] = ['callback-under-lock', 'blocking-while-held'];

/** The lines behind the short form; none for what is an error unless somebody made it a warning. */
export function adviceOf(violation: Violation, page: Page): readonly string[] {
  if (isMisuse(violation)) {
    return MILD.includes(violation.rule) ? misuseAdvice(violation, page) : [];
  }
  switch (violation.rule) {
    case 'lease-expired':
      return leaseExpiredAdvice(violation, page);
    case 'long-hold':
    case 'long-wait':
      return limitAdvice(violation, page);
    case 'priority-inversion':
      return priorityInversionAdvice(violation, page);
    case 'starvation':
      return starvationAdvice(violation, page);
    default:
      return [];
  }
}
