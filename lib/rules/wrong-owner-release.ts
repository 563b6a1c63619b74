/**
 * `wrong-owner-release`: a release of a lock that another owner holds, which from then on works unprotected.
 */
import type { Violation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeRelease, type StrayRelease } from './release.ts';

export function wrongOwnerRelease(state: State, event: StrayRelease): readonly Violation[] {
  const isLegal = event.holder === undefined || event.lock.class.kind.counting;
  return isLegal ? [] : describeRelease(state, event, 'wrong-owner-release');
}
