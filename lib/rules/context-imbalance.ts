/**
 * `context-imbalance`: a context is left that was not entered, or enabled more often than it was disabled.
 */
import type { OwnerRef } from '../model/owner.ts';
import type { MisuseViolation } from '../model/violation.ts';
import type { Context } from '../state/contexts.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { describeMisuse } from './misuse.ts';

export interface Imbalance {
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  readonly context: Context;
  readonly act: 'left' | 'enabled';
  readonly site: RawSite;
}

export function contextImbalance(state: State, event: Imbalance): readonly MisuseViolation[] {
  const { owner, held, context, act, site } = event;
  const fact =
    act === 'left'
      ? `leaves ${context.name}, which it has not entered`
      : `enables ${context.name} more often than it disabled it`;
  const places = [{ label: act, site }];
  const detail = `${context.name} ${act}`;
  const message = `${owner.name} ${fact}.`;
  return [describeMisuse(state, { rule: 'context-imbalance', owner, held, class: null, message, places, detail })];
}
