/**
 * What belongs to a library's pool, socket or queue, and is no part of the flow that happens to cause it.
 */
import { flowHooks } from '../owner/promise-hooks.ts';

/** Does it outside of all flows: its callbacks are nothing that one of them has left to do. */
export function outside<Result>(work: () => Result): Result {
  return flowHooks.carrier.run(null, work);
}
