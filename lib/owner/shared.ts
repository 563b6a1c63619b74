/**
 * The checker of this process, as programs import it.
 */
import type { Lockdep } from '../lockdep.ts';
import { defaultLockdep } from './default.ts';

/** The default checker: that of locks which name no other one. It warns, unless it is told something else. */
export const lockdep: Lockdep = defaultLockdep();
