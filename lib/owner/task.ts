/**
 * A task: a flow with a name, from the call of its function to the end of the work that it began.
 */
import type { OwnerRef } from '../model/owner.ts';
import { awaitableOf } from './awaitable.ts';
import { prune } from './context.ts';
import { flowHooks } from './promise-hooks.ts';
import { Context } from './ticket.ts';

/**
 * Runs a function as a task.
 * @param ended called when the work is over
 * @returns what the function returns; of a promise, one that settles as it does
 */
export function runTask<Result>(
  owner: OwnerRef,
  work: () => Result,
  ended: (owner: OwnerRef, result: unknown) => void,
): Result {
  const context = new Context(prune(flowHooks.context), null, { owned: false, task: owner });
  flowHooks.use();
  const end = (result: unknown): void => {
    flowHooks.unuse();
    ended(owner, result);
  };
  let result: Result;
  try {
    result = flowHooks.carrier.run(context, work);
  } catch (error) {
    end(undefined);
    throw error;
  }
  const later = awaitableOf(result);
  if (later === null) {
    end(result);
    return result;
  }
  const over = later.then(
    (value: unknown) => {
      end(value);
      return value;
    },
    (error: unknown) => {
      end(undefined);
      throw error;
    },
  );
  return over as Result;
}
