/**
 * One block for each rule.
 */
import type { Violation } from '../../model/violation.ts';
import type { Block, Page } from '../part/page.ts';
import { assertionBlock } from './assertion.ts';
import { orderCycleBlock } from './order-cycle.ts';
import { poolNestingBlock } from './pool-nesting.ts';
import { recursionBlock } from './recursion.ts';
import { heldAtExitBlock, releaseBlock } from './release.ts';
import { stalledBlock } from './stalled.ts';

/** The evidence of a violation and what to do, without its headline. */
export function blockOf(violation: Violation, page: Page): Block {
  switch (violation.rule) {
    case 'order-cycle':
      return orderCycleBlock(violation, page);
    case 'recursion':
      return recursionBlock(violation, page);
    case 'pool-nesting':
      return poolNestingBlock(violation, page);
    case 'bad-release':
    case 'wrong-owner-release':
      return releaseBlock(violation, page);
    case 'held-at-exit':
      return heldAtExitBlock(violation, page);
    case 'stalled':
      return stalledBlock(violation, page);
    case 'assert-held':
    case 'assert-not-held':
      return assertionBlock(violation, page);
  }
}
