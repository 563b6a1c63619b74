/**
 * `held-reinit`: a lock is initialised while somebody holds it. Its holder is forgotten, and the next one gets in beside it.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import type { LifeEvent } from './lifetime.ts';
import { describeMisuse, takenBy } from './misuse.ts';

export function heldReinit(state: State, event: LifeEvent): readonly MisuseViolation[] {
  const { owner, lock, held, holder, site } = event;
  if (event.act !== 'init' || holder === undefined) {
    return [];
  }
  const message = `${owner.name} initialises ${lock.name}, which ${holder.owner.name} holds.`;
  const places = [{ label: 'initialised', site }, ...takenBy(holder)];
  return [describeMisuse(state, { rule: 'held-reinit', owner, held, class: lock.class, message, places })];
}
