/**
 * Checks of parsed JSON. A shape gives `undefined` for what fits, or else one phrase that says where and what is wrong.
 */

/** Looks at a value; `path` says where it stands, such as `classes[2].name`. */
export type Shape = (value: unknown, path: string) => string | undefined;

/** Any text. */
export const text: Shape = (value, path) => (typeof value === 'string' ? undefined : `${path} is not a text`);

/** A number that counts something, or a time. */
export const number: Shape = (value, path) => {
  return typeof value === 'number' && Number.isFinite(value) ? undefined : `${path} is not a number`;
};

export const flag: Shape = (value, path) => (typeof value === 'boolean' ? undefined : `${path} is not true or false`);

/** One of these texts. */
export function oneOf(...known: readonly string[]): Shape {
  return (value, path) => {
    if (typeof value !== 'string') {
      return `${path} is not a text`;
    }
    return known.includes(value)
      ? undefined
      : `${path} is ${JSON.stringify(value.slice(0, 40))}, which is not known here`;
  };
}

export function nullable(shape: Shape): Shape {
  return (value, path) => (value === null ? undefined : shape(value, path));
}

export function optional(shape: Shape): Shape {
  return (value, path) => (value === undefined ? undefined : shape(value, path));
}

export function listOf(item: Shape, least: number = 0): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) {
      return `${path} is not a list`;
    }
    if (value.length < least) {
      return `${path} is empty`;
    }
    return firstProblem(value.map((one, at) => () => item(one, `${path}[${at}]`)));
  };
}

/** An object with at least these fields. Others are let through: a later version may have added them. */
export function record(fields: Readonly<Record<string, Shape>>): Shape {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return `${path || 'the whole'} is not an object`;
    }
    return firstProblem(
      Object.entries(fields).map(([name, shape]) => () => {
        const inner = path === '' ? name : `${path}.${name}`;
        const has = Object.hasOwn(value, name);
        const problem = shape(has ? (value as Record<string, unknown>)[name] : undefined, inner);
        return problem !== undefined && !has ? `${inner} is missing` : problem;
      }),
    );
  };
}

function firstProblem(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const problem = check();
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}
