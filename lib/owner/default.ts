/**
 * The checker of this process: one, whatever was loaded twice. Off means off: then there is none.
 */
import { Lockdep } from '../lockdep.ts';

const DEFAULT_INSTANCE = Symbol.for('lockdep/1');

interface Shared {
  [DEFAULT_INSTANCE]?: Lockdep;
  readonly process?: { readonly env?: Record<string, string | undefined> };
}

const shared = globalThis as Shared;

/** True where nothing is to be checked: `LOCKDEP=off`, or in production, unless somebody asks for it. */
export function isOff(): boolean {
  const { LOCKDEP, LOCKDEP_RUN, NODE_ENV } = shared.process?.env ?? {};
  return LOCKDEP === 'off' || (NODE_ENV === 'production' && LOCKDEP === undefined && LOCKDEP_RUN === undefined);
}

/** The checker that is preloaded, else one that warns. */
export function defaultLockdep(): Lockdep {
  const known = shared[DEFAULT_INSTANCE];
  if (known !== undefined) {
    return known;
  }
  const made = new Lockdep({ onViolation: 'warn' });
  Object.defineProperty(shared, DEFAULT_INSTANCE, { value: made, configurable: true });
  return made;
}
