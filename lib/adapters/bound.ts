/**
 * Callbacks that a library calls later, in the context of whoever makes it do so.
 */
import { push } from '../owner/context.ts';
import { flowHooks } from '../owner/promise-hooks.ts';
import type { Ticket } from '../owner/ticket.ts';
import { type Call, likeOriginal } from './calls.ts';

/** A callback that goes on as the running flow. @param seen what that flow will have seen granted, without owning it */
export function bound<Callback extends Call>(callback: Callback, seen: Ticket | null = null): Callback {
  const { context } = flowHooks;
  const call = function (this: object, ...args: unknown[]): unknown {
    const then = seen === null ? context : push(context, seen, false);
    return flowHooks.carrier.run(then, () => callback.apply(this, args));
  };
  return likeOriginal(call, callback) as Callback;
}
