/**
 * What a lock says of a wait before it begins.
 */
import type { WaitOptions } from './wait-options.ts';

/** True for a wait that does not need the lock to end. */
export function endsByItself({ timeout, signal }: WaitOptions): boolean {
  return signal !== undefined || (timeout !== undefined && timeout !== Number.POSITIVE_INFINITY);
}
