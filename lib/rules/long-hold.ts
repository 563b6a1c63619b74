/**
 * `long-hold`: a lock was held for longer than the limit, or than the budget of its class allows. Nothing is wrong with that by itself;
 * everybody who wanted it had to wait. So past a limit it is a warning; a budget was promised, and past it is an error.
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
  /** True where the class has promised not to be held for longer. @default false */
  readonly isBudget?: boolean;
  /** How many waited for it at that moment; `null` where that is not known. */
  readonly waiters: number | null;
}

export function longHold(state: State, event: LongHold): readonly LimitViolation[] {
  const { held, ms, limitMs, waiters, isBudget = false } = event;
  const { owner } = held;
  if (ms < limitMs) {
    return [];
  }
  const message = `${owner.name} held ${shareOf(held.class.ref)} for ${excessOf(event)}${whoWaited(waiters)}.`;
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
      waiters: waiters ?? 0,
      isBudget,
    }),
  ];
}

function whoWaited(waiters: number | null): string {
  if (waiters === null) {
    return '';
  }
  return `; ${waiters === 0 ? 'nobody waited' : waiters === 1 ? '1 other waited' : `${waiters} others waited`} for it`;
}
