/**
 * A try that fails over a thread that has ended: it would fail for ever, and nobody would ever look. Costs nothing where nobody holds the
 * lock, else a look at its holders, which asks the operating system now and then.
 */
import { deadHolders, refuseDead } from '../waiting/look.ts';
import { Wait } from '../waiting/wait.ts';
import type { Waitable, WaitHow } from '../waiting/waiting.ts';

/**
 * Gives back what holders had that have ended.
 * @returns true where there were any: the try may succeed now
 * @throws OwnerDiedError where one of them may have left something half-written, or what the policy throws
 */
export function buryDead(lock: Waitable, how: WaitHow): boolean {
  let any = false;
  for (const slot of deadHolders(lock)) {
    refuseDead(new Wait(lock, how), slot);
    any = true;
  }
  return any;
}
