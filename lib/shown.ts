/** A value as an error message shows it, whatever it is: a message about a wrong value must not fail over that value. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return `'${value}'`;
  }
  if (Array.isArray(value) && value.length === 0) {
    return 'an empty list';
  }
  if (typeof value === 'function') {
    return `the function ${nameOf(value) || 'without a name'}`;
  }
  try {
    const text = String(value);
    return text === '[object Object]' ? `an object${made(value as object)}` : text;
  } catch {
    return 'something that cannot be shown';
  }
}

/** Of what the object is one, where that says something. */
function made(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null;
  const name = typeof prototype?.constructor === 'function' ? nameOf(prototype.constructor) : '';
  return name === '' || name === 'Object' ? '' : ` of class ${name}`;
}

const nameOf = (value: object): string => {
  const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value;
  return typeof name === 'string' ? name : '';
};
