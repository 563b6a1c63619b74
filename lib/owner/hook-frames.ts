/**
 * The stack of the program, seen from a promise hook.
 */
import { type CallSite, callSitesOf, captureSite } from '../state/site.ts';

/** Where Node calls several hooks one after the other. */
const NODE_HOOKS: readonly unknown[] = ['node:internal/promise_hooks', 'node:internal/async_hooks'];

/**
 * The frames of the program that stand below a hook.
 * @param below a function of this folder that the hook has called
 * @param most how many frames are looked at
 */
export function framesBelowHook(below: unknown, most: number): readonly CallSite[] {
  const frames = callSitesOf(captureSite(below, most));
  const own = folderOf(frames[0]?.getFileName());
  const first = frames.findIndex((frame) => {
    const file = frame.getFileName();
    return !NODE_HOOKS.includes(file) && folderOf(file) !== own;
  });
  return first < 0 ? [] : frames.slice(first);
}

/** The folder of a file, with its last slash; no file has one that is empty. */
function folderOf(file: string | null | undefined): string | undefined {
  return file?.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
