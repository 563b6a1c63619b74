/**
 * Promises that an adapter has attached to, and nobody else so far: if one is rejected, the program does not handle it.
 */
export const unheard: Set<object> = new Set();

/** Somebody attaches to a promise. */
export function heard(promise: object | undefined): void {
  if (unheard.size > 0 && promise !== undefined) {
    unheard.delete(promise);
  }
}
