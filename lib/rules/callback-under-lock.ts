/**
 * `callback-under-lock`: code that the holder of a lock does not know, such as a listener, is called while the lock is held. It can ask
 * for any lock, this one too, and take any time. Off unless asked for: a callback that is known to be short is no fault.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { type CallUnderLock, describeCall } from './misuse.ts';

/** Code of others is about to run. */
export type CallbackCall = CallUnderLock;

export function callbackUnderLock(state: State, event: CallbackCall): readonly MisuseViolation[] {
  return describeCall(state, 'callback-under-lock', event, 'which runs code of others');
}
