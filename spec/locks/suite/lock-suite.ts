/**
 * All that is asked of a lock that keeps others out.
 */
import { exclusionSuite } from './exclusion.ts';
import { guardsSuite } from './guards.ts';
import { hostileSuite } from './hostile.ts';
import type { Subject } from './lock-under-test.ts';
import { runningSuite } from './running.ts';
import { waitsSuite } from './waits.ts';

export function lockSuite(subject: Subject): void {
  describe(subject.name, () => {
    exclusionSuite(subject);
    runningSuite(subject);
    waitsSuite(subject);
    guardsSuite(subject);
    hostileSuite(subject);
  });
}
