/**
 * `held-destroy`: a lock is destroyed while somebody holds it, and with it what it protects.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import type { LifeEvent } from './lifetime.ts';
import { describeMisuse, takenBy } from './misuse.ts';

export function heldDestroy(state: State, event: LifeEvent): readonly MisuseViolation[] {
  const { owner, lock, held, holder, site } = event;
  if (event.act !== 'destroy' || holder === undefined || lock.lifetime === 'destroyed') {
    return [];
  }
  const message = `${owner.name} destroys ${lock.name}, which ${holder.owner.name} holds.`;
  const places = [{ label: 'destroyed', site }, ...takenBy(holder)];
  return [describeMisuse(state, { rule: 'held-destroy', owner, held, class: lock.class, message, places })];
}
