/**
 * What a plain acquire is: exclusive, waiting, of one unit and under no guard. Nearly all are.
 */
import type { AcquireOptions } from '../acquire.ts';
import type { ReleaseOptions } from './release.ts';

export const PLAIN: AcquireOptions = {};

/** What says no more than who calls is as plain as what says nothing. */
export function isPlainAcquire(options: AcquireOptions): boolean {
  return (
    options?.caller !== undefined &&
    options.mode === undefined &&
    options.try === undefined &&
    options.nest === undefined &&
    options.subclass === undefined &&
    options.units === undefined
  );
}

export function isPlainRelease(options: ReleaseOptions): boolean {
  return options?.caller !== undefined && options.mode === undefined;
}
