/**
 * `wait-context`: a lock that waits in a stronger way than its owner's context, or a lock that the owner holds, allows: a mutex under a
 * spinlock, a spinlock under a raw one. Whoever spins on the outer lock then spins as long as the owner sleeps.
 */
import type { WaitViolation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import type { State } from '../state/state.ts';
import { rankOf, waitLimit } from '../state/waits.ts';
import { describeWait, forbiddenBy } from './wait-limit.ts';

export function waitContext(state: State, attempt: Attempt): readonly WaitViolation[] {
  const { owner, held, site, class: wanted, situation = state.contexts.task } = attempt;
  const { outer } = wanted.kind;
  if (attempt.try || attempt.isRetaken || outer === 'unchecked') {
    return [];
  }
  const limit = waitLimit(held, situation, state.realtime);
  if (rankOf(outer, state.realtime) <= rankOf(limit.type, state.realtime)) {
    return [];
  }
  const message = `${owner.name} asks for ${wanted.ref.name}, a ${wanted.kind.name}, ${forbiddenBy(limit)}.`;
  return [
    describeWait(state, {
      rule: 'wait-context',
      owner,
      held,
      class: wanted,
      wanted: outer,
      limit,
      site,
      message,
      act: 'asked',
    }),
  ];
}
