/**
 * `blocking-while-held`: a call that blocks the whole thread is made while a lock is held. Nobody else runs meanwhile, and so nobody
 * who waits for the lock, or who could end the call. Off unless asked for: at start-up, say, such calls are no fault.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { type CallUnderLock, describeCall } from './misuse.ts';

/** The thread is about to block. */
export type BlockingCall = CallUnderLock;

export function blockingWhileHeld(state: State, event: BlockingCall): readonly MisuseViolation[] {
  return describeCall(state, 'blocking-while-held', event, 'which blocks the thread');
}
