/**
 * Promises that an adapter wants to hear of. It attaches to one no sooner than somebody else does, and just before him: if nobody
 * ever does, a rejection is one that the program does not handle, and stays so.
 */
import { link, linkOf } from './links.ts';

let waiting = 0;

/** Calls `attach` when somebody is about to attach to the promise, for the first time from now on. */
export function whenHeard(promise: object, attach: () => void): void {
  const made = link(promise);
  const before = made.hearing;
  waiting += before === null ? 1 : 0;
  made.hearing =
    before === null
      ? attach
      : () => {
          before();
          attach();
        };
}

let isAttaching = false;

/** Somebody attaches to a promise. @returns whether that is an adapter, and not the program */
export function heard(promise: object | undefined): boolean {
  if (waiting === 0 || promise === undefined || isAttaching) {
    return isAttaching;
  }
  const known = linkOf(promise);
  const attach = known?.hearing ?? null;
  if (known !== undefined && attach !== null) {
    known.hearing = null;
    waiting--;
    isAttaching = true;
    try {
      attach();
    } finally {
      isAttaching = false;
    }
  }
  return false;
}
