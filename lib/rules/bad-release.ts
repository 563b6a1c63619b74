/**
 * `bad-release`: a release of a lock that nobody holds, or that its owner cannot give back so. A second release of one acquire is the
 * usual cause, and the next one may take the lock away from whoever holds it then.
 */
import type { Violation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeRelease, type Release } from './release.ts';

export function badRelease(state: State, event: Release): readonly Violation[] {
  const { entry, holder, mode } = event;
  if (entry === undefined) {
    return holder === undefined ? describeRelease(state, event, { rule: 'bad-release' }) : [];
  }
  if (event.isInterrupted) {
    return describeRelease(state, event, { rule: 'bad-release', mismatch: 'interrupted' });
  }
  const isOther = mode !== undefined && (mode === 'exclusive') !== (entry.mode === 'exclusive');
  return isOther ? describeRelease(state, event, { rule: 'bad-release', mismatch: 'mode' }) : [];
}
