/**
 * What a program without types may pass, and how it must be told.
 */

/** Values of every kind but `undefined`, which says that nothing is said. */
export const ANYTHING: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  Number.NaN,
  7n,
  '',
  'a word',
  Symbol('s'),
  [],
  {},
  Object.create(null),
  () => {},
];

type Test = (value: unknown) => boolean;

export const isText: Test = (value) => typeof value === 'string';
export const isFunction: Test = (value) => typeof value === 'function';
export const isBoolean: Test = (value) => typeof value === 'boolean';
/** Anything with properties of its own to read; one that has none of ours says nothing. */
export const isObject: Test = (value) => (typeof value === 'object' && value !== null) || isFunction(value);

/** The values that none of the tests lets pass. */
export function except(...tests: readonly Test[]): readonly unknown[] {
  return ANYTHING.filter((value) => !tests.some((test) => test(value)));
}

/** The values, as text, for which `work` does not throw one TypeError that names the argument first. */
export function notRefused(argument: string, values: readonly unknown[], work: (value: unknown) => void): string[] {
  return values.flatMap((value) => {
    try {
      work(value);
      return [`${shown(value)} is taken`];
    } catch (error) {
      const isRight = error instanceof TypeError && error.message.startsWith(`${argument}: `);
      return isRight ? [] : [`${shown(value)} gives: ${(error as Error).message}`];
    }
  });
}

function shown(value: unknown): string {
  if (typeof value === 'object') return value === null ? 'null' : `object ${JSON.stringify(value)}`;
  return `${typeof value} ${String(value)}`;
}
