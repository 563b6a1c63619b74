/**
 * How urgent a thread is. Declared, for no runtime says it: the rule `priority-inversion` compares what waiters and holders declare.
 */
import { shown } from '../../shown.ts';
import { Row } from './memory/layout.ts';
import { ownSpace } from './memory/space.ts';

/**
 * Declares how urgent this thread is, the greater the more. Threads that say nothing have 0.
 * @throws RangeError if it is no whole number of 32 bits
 */
export function setThreadPriority(priority: number): void {
  if (!Number.isInteger(priority) || (priority | 0) !== priority) {
    throw new RangeError(`priority: expected a whole number of 32 bits, got ${shown(priority)}`);
  }
  const { words, row } = ownSpace().threads;
  words[row + Row.PRIORITY] = priority;
}
