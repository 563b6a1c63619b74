/**
 * Private fields on objects of others: nobody can see them, a frozen object can carry them, they go with the object, and
 * they are many times cheaper than a WeakMap.
 */

/** A constructor that gives back its argument: a class that extends it puts its private fields on that. */
export const Given: new (target: object) => object = function given(target: object): object {
  return target;
} as unknown as new (
  target: object,
) => object;

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
