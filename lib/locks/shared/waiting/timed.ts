/**
 * Waits for locks over shared memory that end by themselves.
 */
import { shown } from '../../../shown.ts';
import type { LockingOptions } from '../base/shared-lock.ts';

export interface TimedLockingOptions extends LockingOptions {
  /** Milliseconds to wait at most, from 0, or Infinity. With 0 it is tried for some microseconds. @default Infinity */
  readonly timeout?: number;
}

export const UNTIMED: TimedLockingOptions = {};

/** @throws TypeError if it is no time */
export function timeoutOf({ timeout }: TimedLockingOptions): number | undefined {
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0)) {
    throw new TypeError(`timeout: expected milliseconds from 0, or Infinity, got ${shown(timeout)}`);
  }
  return timeout === Number.POSITIVE_INFINITY ? undefined : timeout;
}
