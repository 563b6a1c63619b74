/**
 * The stack of the program, seen from a promise hook.
 */
import { type CallSite, callSitesOf, captureSite } from '../state/site.ts';

/** Where Node calls several hooks one after the other. */
const NODE_HOOKS: readonly unknown[] = ['node:internal/promise_hooks', 'node:internal/async_hooks'];

/**
 * The frames of the program that stand below a hook.
 * @param below a function that the hook has called from the file that it stands in
 * @param most how many frames are looked at
 */
export function framesBelowHook(below: unknown, most: number): readonly CallSite[] {
  const frames = callSitesOf(captureSite(below, most));
  const hook = frames[0]?.getFileName();
  const first = frames.findIndex((frame) => ![hook, ...NODE_HOOKS].includes(frame.getFileName()));
  return first < 0 ? [] : frames.slice(first);
}
