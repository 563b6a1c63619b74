/**
 * `level-order`: a lock is asked for whose level is not greater than that of every lock that its owner holds. As long as all obey, no
 * circle of waits can close.
 */
import type { OrderRuleViolation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import { type HeldLock, isOf, takenAt } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { describeOrder } from './order-rule.ts';
import { isAllowed } from './recursion.ts';

export function levelOrder(state: State, attempt: Attempt): readonly OrderRuleViolation[] {
  const { owner, held, class: wanted, site } = attempt;
  const { level } = wanted.traits;
  if (level === null || attempt.try || (attempt.isRetaken && !attempt.isChanged)) {
    return [];
  }
  const other = held.findLast((one) => levelOf(one) >= level && !isOther(attempt, one));
  if (other === undefined) {
    return [];
  }
  const levels = { lock: level, other: levelOf(other) };
  const [name, outer] = [wanted.ref.name, other.class.ref.name];
  const message = `${owner.name} asks for ${name} (level ${level}) while holding ${outer} (level ${levels.other}).`;
  const [asked, taken] = [site, takenAt(other)];
  return [
    describeOrder(state, {
      rule: 'level-order',
      owner,
      held,
      class: wanted,
      other: other.class,
      asked,
      taken,
      message,
      levels,
    }),
  ];
}

/** What `recursion` is about: the same lock again, or another of its class where that is allowed. */
function isOther(attempt: Attempt, held: HeldLock): boolean {
  return isOf(held, attempt.lock) || (held.class === attempt.class && isAllowed(attempt, held));
}

function levelOf(held: HeldLock): number {
  return held.class.traits.level ?? Number.NEGATIVE_INFINITY;
}
