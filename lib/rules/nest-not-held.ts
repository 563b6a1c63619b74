/**
 * `nest-not-held`: an acquire names the guard that makes nesting safe, and its owner does not hold that guard.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import { isOf } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { describeMisuse } from './misuse.ts';

export function nestNotHeld(state: State, attempt: Attempt): readonly MisuseViolation[] {
  const { owner, held, nest = null, class: wanted, site } = attempt;
  if (nest === null || held.some((one) => isOf(one, nest))) {
    return [];
  }
  // Releasing the guard first leaves what it made safe without it.
  const verb = attempt.isRetaken ? 'still holds' : 'takes';
  const message = `${owner.name} ${verb} ${wanted.ref.name} as nested under ${nest.name}, which it does not hold.`;
  const label = `${wanted.ref.name} ${attempt.isRetaken ? 'taken' : 'asked'}`;
  return [
    describeMisuse(state, { rule: 'nest-not-held', owner, held, class: wanted, message, places: [{ label, site }] }),
  ];
}
