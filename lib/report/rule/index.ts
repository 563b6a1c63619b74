/**
 * One block for each rule.
 */
import type { Violation } from '../../model/violation.ts';
import type { Block, Page } from '../part/page.ts';
import { assertionBlock } from './assertion.ts';
import { irqInconsistentBlock, irqPathBlock } from './irq.ts';
import { misuseBlock } from './misuse.ts';
import { orderCycleBlock } from './order-cycle.ts';
import { orderRuleBlock } from './order-rule.ts';
import { poolNestingBlock } from './pool-nesting.ts';
import { recursionBlock } from './recursion.ts';
import { heldAtExitBlock, releaseBlock } from './release.ts';
import { stalledBlock } from './stalled.ts';
import { waitBlock } from './wait.ts';

/** The evidence of a violation and what to do, without its headline. */
export function blockOf(violation: Violation, page: Page): Block {
  switch (violation.rule) {
    case 'order-cycle':
      return orderCycleBlock(violation, page);
    case 'recursion':
      return recursionBlock(violation, page);
    case 'pool-nesting':
      return poolNestingBlock(violation, page);
    case 'irq-inconsistent':
      return irqInconsistentBlock(violation, page);
    case 'irq-order':
    case 'irq-inversion':
      return irqPathBlock(violation, page);
    case 'wait-context':
    case 'sleep-while-held':
      return waitBlock(violation, page);
    case 'level-order':
    case 'declared-order':
    case 'release-order':
      return orderRuleBlock(violation, page);
    case 'nest-not-held':
    case 'bad-unpin':
    case 'pinned-release':
    case 'held-reinit':
    case 'held-destroy':
    case 'use-after-destroy':
    case 'uninitialised':
    case 'no-owner':
    case 'context-imbalance':
    case 'ww-misuse':
      return misuseBlock(violation, page);
    case 'bad-release':
    case 'wrong-owner-release':
      return releaseBlock(violation, page);
    case 'held-at-exit':
      return heldAtExitBlock(violation, page);
    case 'stalled':
      return stalledBlock(violation, page);
    case 'assert-held':
    case 'assert-not-held':
    case 'assert-none-held':
    case 'assert-owner':
    case 'assert-context':
    case 'assert-may-sleep':
      return assertionBlock(violation, page);
  }
}
