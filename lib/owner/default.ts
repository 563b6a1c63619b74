/**
 * The checker of this process: one, whatever was loaded twice. Off means off: then there is none.
 */
import { createLockdep, type Lockdep } from '../lockdep.ts';

/** Where the checker of the process stands. */
export const DEFAULT_INSTANCE: unique symbol = Symbol.for('lockdep/1') as never;

interface Shared {
  [DEFAULT_INSTANCE]?: Lockdep;
}

const shared = globalThis as Shared;

/** The checker that is preloaded, else one that warns. */
export function defaultLockdep(): Lockdep {
  const known = shared[DEFAULT_INSTANCE];
  if (known !== undefined) {
    return known;
  }
  const made = createLockdep({ onViolation: 'warn' });
  Object.defineProperty(shared, DEFAULT_INSTANCE, { value: made });
  return made;
}
