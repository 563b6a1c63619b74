/** A value as an error message shows it, whatever it is: a message about a wrong value must not fail over that value. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return `'${value}'`;
  }
  if (Array.isArray(value) && value.length === 0) {
    return 'an empty list';
  }
  try {
    return String(value);
  } catch {
    return 'something that cannot be shown';
  }
}
