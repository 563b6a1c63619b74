/**
 * What a plain acquire is: one that waits, of one unit and under no guard. Nearly all are.
 */
import type { AcquireOptions } from '../acquire.ts';
import type { Mode } from '../model/lock.ts';
import { stepKey } from '../state/chains.ts';
import type { LockInstance } from '../state/classes.ts';
import type { Situation } from '../state/contexts.ts';
import type { ReleaseOptions } from './release.ts';

export const PLAIN: AcquireOptions = {};

/** What says no more than who calls, and in which mode, is as plain as what says nothing. */
export function isPlainAcquire(options: AcquireOptions): boolean {
  return (
    (options?.caller !== undefined || options?.mode !== undefined) &&
    options.try === undefined &&
    options.nest === undefined &&
    options.subclass === undefined &&
    options.units === undefined
  );
}

/** The mode that a plain acquire is in, where no more is said than what was asked for. */
export function plainMode(lock: LockInstance, asked: Mode | undefined, situation: Situation): Mode {
  const isReader = asked !== undefined && asked !== 'exclusive' && lock?.step >= 0;
  return isReader ? lock.class.modeIn(asked, situation) : 'exclusive';
}

/** The key of the step that a plain acquire is. What is no lock has none, and no step is known by it. */
export function plainStep(lock: LockInstance, mode: Mode): number {
  return mode === 'exclusive' ? lock?.step : stepKey(lock.class, mode, false);
}

export function isPlainRelease(options: ReleaseOptions): boolean {
  return options?.caller !== undefined && options.mode === undefined;
}
