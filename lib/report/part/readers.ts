/**
 * What several parts of the report have to know of readers.
 */
import type { RecursionViolation } from '../../model/violation.ts';

/** True where a reader asks to read the very same lock again: it waits only if a writer has asked in between. */
export function isReadAgain({ sameInstance, upgrade, confidence }: RecursionViolation): boolean {
  return sameInstance && !upgrade && confidence !== 'certain';
}
