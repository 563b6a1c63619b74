/**
 * `sleep-while-held`: an owner sleeps, or gives way to others, where nobody may: under a spinning lock, in an interrupt, or
 * with interrupts disabled.
 */
import type { OwnerRef } from '../model/owner.ts';
import type { WaitViolation } from '../model/violation.ts';
import type { Context, Situation } from '../state/contexts.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { type Limit, rankOf, waitLimit } from '../state/waits.ts';
import { describeWait, forbiddenBy } from './wait-limit.ts';

/** An owner may sleep now, or did. */
export interface Sleep {
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  readonly situation: Situation;
  readonly act: Exclude<WaitViolation['act'], 'asked'>;
  /** Whom or what it waits for, where that is said. */
  readonly awaited?: string | undefined;
  /** True where no lock at all may be held, whatever its kind. */
  readonly isStrict: boolean;
  /** `null` where the place is where the lock was taken. */
  readonly site: RawSite | null;
}

/** What forbids to sleep, if anything does. */
export function sleepLimit(state: State, { held, situation }: Pick<Sleep, 'held' | 'situation'>): Limit | undefined {
  const limit = waitLimit(held, situation, state.realtime);
  if (rankOf(limit.type, state.realtime) < rankOf('sleep', state.realtime)) {
    return limit;
  }
  const context = situation.disabled.find(({ atomic }) => atomic);
  return context && { type: 'config', held: null, context };
}

export function sleepWhileHeld(state: State, event: Sleep): readonly WaitViolation[] {
  const { owner, held, act } = event;
  const strict = event.isStrict ? held.findLast((one) => one.class.kind.excludes) : undefined;
  const limit = sleepLimit(state, event) ?? (strict && { type: strict.class.kind.inner, held: strict, context: null });
  if (limit === undefined) {
    return [];
  }
  const disabled = isOnlyDisabled(limit.context, event);
  const why = disabled ? `with ${limit.context?.name} disabled` : forbiddenBy(limit);
  const message = `${owner.name} ${describe(event)} ${why}.`;
  return [
    describeWait(state, {
      rule: 'sleep-while-held',
      owner,
      held,
      class: null,
      wanted: 'sleep',
      limit,
      // Captured now, and not for each sleep that is allowed.
      site: event.site,
      message,
      act,
      disabled,
    }),
  ];
}

function isOnlyDisabled(context: Context | null, { situation }: Sleep): boolean {
  return context !== null && !situation.inside.includes(context);
}

function describe({ act, awaited }: Sleep): string {
  if (act === 'waited') {
    return `waits for ${awaited}`;
  }
  if (act === 'sent') {
    return `waits for ${awaited} to handle a message`;
  }
  return act === 'may-sleep' ? 'may sleep' : 'gives way to the event loop';
}
