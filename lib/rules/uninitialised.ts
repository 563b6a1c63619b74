/**
 * `uninitialised`: a lock that must be initialised first is used before it was.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { type LifeEvent, VERBS } from './lifetime.ts';
import { describeMisuse } from './misuse.ts';

export function uninitialised(state: State, event: LifeEvent): readonly MisuseViolation[] {
  const { owner, lock, act, held, site } = event;
  if (act === 'init' || lock.lifetime !== 'uninitialised') {
    return [];
  }
  const message = `${owner.name} ${VERBS[act]} ${lock.name}, which was never initialised.`;
  const places = [{ label: 'used', site }];
  return [describeMisuse(state, { rule: 'uninitialised', owner, held, class: lock.class, message, places })];
}
