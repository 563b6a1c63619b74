/**
 * `use-after-destroy`: a lock is used that was destroyed and not initialised again.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { type LifeEvent, VERBS } from './lifetime.ts';
import { describeMisuse, takenBy } from './misuse.ts';

export function useAfterDestroy(state: State, event: LifeEvent): readonly MisuseViolation[] {
  const { owner, lock, act, held, holder, site } = event;
  if (act === 'init' || lock.lifetime !== 'destroyed') {
    return [];
  }
  const message = `${owner.name} ${VERBS[act]} ${lock.name}, which was destroyed.`;
  const places = [{ label: 'used', site }, { label: 'destroyed', site: lock.destroyed }, ...takenBy(holder)];
  return [describeMisuse(state, { rule: 'use-after-destroy', owner, held, class: lock.class, message, places })];
}
