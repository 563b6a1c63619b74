/**
 * `wrong-owner-release`: a release of a lock that another owner holds, which from then on works unprotected.
 */
import type { Violation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeRelease, type Release } from './release.ts';

export function wrongOwnerRelease(state: State, event: Release): readonly Violation[] {
  const isLegal = event.entry !== undefined || event.holder === undefined || event.lock.class.isShared;
  return isLegal ? [] : describeRelease(state, event, { rule: 'wrong-owner-release' });
}
