/**
 * A class of shared locks as it is where nothing is checked: the same class, whose locks never ask a checker.
 */
import type { Lockdep } from '../../lockdep.ts';

type Rebuild = (handle: unknown, options?: object) => unknown;

/** The class, with a checker that checks nothing for all locks that are made or rebuilt with it. */
export function unchecked<Made extends object>(made: Made, lockdep: Lockdep): Made {
  const off = (options: unknown): unknown => {
    const isBag = options === undefined || (typeof options === 'object' && options !== null);
    return isBag ? { ...(options as object | undefined), lockdep } : options;
  };
  return new Proxy(made, {
    construct(target, [name, options], newTarget) {
      return Reflect.construct(target as never, [name, off(options)], newTarget) as object;
    },
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      return key === 'from'
        ? (handle: unknown, options?: object) => (value as Rebuild)(handle, off(options) as object)
        : value;
    },
  });
}
