/**
 * `long-wait`: an owner waited for a lock for longer than the limit. The place to look at is where the lock was held.
 */
import { shareOf } from '../model/unit.ts';
import type { LimitViolation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeExcess, excessOf } from './limit.ts';
import type { Wait } from './stalled.ts';

export interface LongWait {
  readonly wait: Wait;
  /** Milliseconds that it waits, or waited. */
  readonly ms: number;
  readonly limitMs: number;
}

export function longWait(state: State, event: LongWait): readonly LimitViolation[] {
  const { wait, ms, limitMs } = event;
  const { owner, held, lock, holders, site } = wait;
  if (ms < limitMs) {
    return [];
  }
  const message = `${owner.name} waited for ${shareOf(lock.class.ref)} for ${excessOf(event)}${whoHeld(wait)}.`;
  return [
    describeExcess(state, {
      rule: 'long-wait',
      owner,
      held,
      class: lock.class,
      message,
      ms,
      limitMs,
      site,
      holders,
    }),
  ];
}

function whoHeld({ holders }: Wait): string {
  const [first, ...others] = [...new Set(holders.map((holder) => holder.owner.name))];
  if (first === undefined) {
    return '';
  }
  const more = others.length === 0 ? '' : others.length === 1 ? ' and 1 other' : ` and ${others.length} others`;
  return `; ${first}${more} held it`;
}
