/**
 * One block for each rule.
 */
import type { Violation } from '../../model/violation.ts';
import { isAssertion, isMisuse, isOrderRule, type LoneViolation } from '../part/family.ts';
import type { Block, Page } from '../part/page.ts';
import { assertionBlock } from './assertion.ts';
import { deadlockBlock } from './deadlock.ts';
import { irqInconsistentBlock, irqPathBlock } from './irq.ts';
import { leaseExpiredBlock } from './lease-expired.ts';
import { limitBlock } from './limit.ts';
import { misuseBlock } from './misuse.ts';
import { orderCycleBlock } from './order-cycle.ts';
import { orderRuleBlock } from './order-rule.ts';
import { ownerDiedBlock } from './owner-died.ts';
import { poolNestingBlock } from './pool-nesting.ts';
import { priorityInversionBlock } from './priority-inversion.ts';
import { recursionBlock } from './recursion.ts';
import { heldAtExitBlock, releaseBlock } from './release.ts';
import { splitKeyBlock } from './split-key.ts';
import { stalledBlock } from './stalled.ts';
import { starvationBlock } from './starvation.ts';
import { waitBlock } from './wait.ts';

/** The evidence of a violation and what to do, without its headline. */
export function blockOf(violation: Violation, page: Page): Block {
  if (isMisuse(violation)) {
    return misuseBlock(violation, page);
  }
  if (isOrderRule(violation)) {
    return orderRuleBlock(violation, page);
  }
  if (isAssertion(violation)) {
    return assertionBlock(violation, page);
  }
  const lone: LoneViolation = violation;
  switch (lone.rule) {
    case 'order-cycle':
      return orderCycleBlock(lone, page);
    case 'recursion':
      return recursionBlock(lone, page);
    case 'pool-nesting':
      return poolNestingBlock(lone, page);
    case 'irq-inconsistent':
      return irqInconsistentBlock(lone, page);
    case 'irq-order':
    case 'irq-inversion':
      return irqPathBlock(lone, page);
    case 'wait-context':
    case 'sleep-while-held':
      return waitBlock(lone, page);
    case 'bad-release':
    case 'wrong-owner-release':
      return releaseBlock(lone, page);
    case 'held-at-exit':
      return heldAtExitBlock(lone, page);
    case 'split-key':
      return splitKeyBlock(lone, page);
    case 'lease-expired':
      return leaseExpiredBlock(lone, page);
    case 'stalled':
      return stalledBlock(lone, page);
    case 'deadlock':
      return deadlockBlock(lone, page);
    case 'long-hold':
    case 'long-wait':
      return limitBlock(lone, page);
    case 'owner-died':
      return ownerDiedBlock(lone, page);
    case 'priority-inversion':
      return priorityInversionBlock(lone, page);
    case 'starvation':
      return starvationBlock(lone, page);
  }
}
