/**
 * How a wait ends without the lock.
 */
import { feature, type Subject } from './lock-under-test.ts';
import { signalSuite } from './signals.ts';
import { timeoutSuite } from './timeouts.ts';

export function waitsSuite(subject: Subject): void {
  feature(subject, 'timeouts', () => timeoutSuite(subject));
  feature(subject, 'signals', () => signalSuite(subject));
}
