/**
 * The locks of this package as a program gets them, and the switch that programs have for them.
 */
import * as locks from '../../../lib/index.ts';

export type Locks = typeof locks;

export { locks };

/**
 * Switches the checker off, as `LOCKDEP=off` does, for the locks that are made from now on.
 * @returns switches it on again
 */
export function switchOff(): () => void {
  const before = process.env['LOCKDEP'];
  process.env['LOCKDEP'] = 'off';
  return () => {
    if (before === undefined) {
      delete process.env['LOCKDEP'];
    } else {
      process.env['LOCKDEP'] = before;
    }
  };
}
