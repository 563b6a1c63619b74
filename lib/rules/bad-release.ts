/**
 * `bad-release`: a release of a lock that nobody holds. A second release of one acquire is the usual cause, and the next
 * one may take the lock away from whoever holds it then.
 */
import type { Violation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeRelease, type StrayRelease } from './release.ts';

export function badRelease(state: State, event: StrayRelease): readonly Violation[] {
  return event.holder === undefined ? describeRelease(state, event, 'bad-release') : [];
}
