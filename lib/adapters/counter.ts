/**
 * Units of a counting lock that come back by number: whoever gives them back need not be the one who took them.
 */
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { Watcher } from './adapter.ts';

/** The running flow gives back units: its own if it has any, else those of somebody, or new ones. Then nobody owns any. */
export function givenBack({ tracker }: Watcher, lock: LockInstance, back: { units: number; site: RawSite }): void {
  const own = tracker.held.reduce((sum, one) => (one.lock === lock ? sum + one.units : sum), 0);
  if (own < back.units) {
    tracker.disown(lock);
  }
  tracker.releasedUnnamed(lock, back.units, back.site);
}
