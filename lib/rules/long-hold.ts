/**
 * `long-hold`: a lock was held for longer than the limit. Nothing is wrong with that by itself; everybody who wanted it had to wait.
 */
import { shareOf } from '../model/unit.ts';
import type { LimitViolation } from '../model/violation.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { describeExcess, excessOf } from './limit.ts';

export interface LongHold {
  readonly held: HeldLock;
  /** Milliseconds that it is, or was, held. */
  readonly ms: number;
  readonly limitMs: number;
  /** How many waited for it at that moment. */
  readonly waiters: number;
}

export function longHold(state: State, event: LongHold): readonly LimitViolation[] {
  const { held, ms, limitMs, waiters } = event;
  const { owner } = held;
  if (ms < limitMs) {
    return [];
  }
  const message = `${owner.name} held ${shareOf(held.class.ref)} for ${excessOf(event)}; ${whoWaited(waiters)} for it.`;
  return [
    describeExcess(state, {
      rule: 'long-hold',
      owner,
      held: [held],
      class: held.class,
      message,
      ms,
      limitMs,
      site: takenAt(held),
      waiters,
    }),
  ];
}

function whoWaited(waiters: number): string {
  return waiters === 0 ? 'nobody waited' : waiters === 1 ? '1 other waited' : `${waiters} others waited`;
}
