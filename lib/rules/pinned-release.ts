/**
 * `pinned-release`: a lock is released while somebody up the stack relies on its being held.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeMisuse, takenBy } from './misuse.ts';
import type { Release } from './release.ts';

export function pinnedRelease(state: State, event: Release): readonly MisuseViolation[] {
  const { owner, lock, held, entry, pin, site } = event;
  if (entry === undefined || pin === undefined || pin === null) {
    return [];
  }
  const message = `${owner.name} releases ${lock.name} while it is pinned.`;
  const places = [{ label: 'released', site }, { label: 'pinned', site: pin }, ...takenBy(entry)];
  return [describeMisuse(state, { rule: 'pinned-release', owner, held, class: entry.class, message, places })];
}
