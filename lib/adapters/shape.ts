/**
 * What an object is, found out without a call of anybody's code: adapters are asked about objects that are none of theirs.
 */

/** The value of a property that an object has itself, `undefined` where it is a getter. */
export function ownValue(object: object, name: string): unknown {
  return ownDescriptor(object, name)?.value;
}

/** What a property is that an object has itself. */
export function ownDescriptor(object: object, name: string): PropertyDescriptor | undefined {
  try {
    return Object.getOwnPropertyDescriptor(object, name);
  } catch {
    // A Proxy that refuses to tell.
    return undefined;
  }
}

/** The first prototype of an object that has all these methods itself. */
export function prototypeWith(object: object, methods: readonly string[]): object | undefined {
  try {
    for (let at = above(object); at !== null; at = above(at)) {
      const prototype = at;
      if (methods.every((name) => typeof ownValue(prototype, name) === 'function')) {
        return prototype;
      }
    }
  } catch {
    // As above.
  }
  return undefined;
}

const above = (object: object): object | null => Object.getPrototypeOf(object) as object | null;
