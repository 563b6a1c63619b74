/**
 * Promises that an adapter wants to hear of. It attaches to one no sooner than somebody else does, and just before him: if nobody
 * ever does, a rejection is one that the program does not handle, and stays so.
 */
import { type Hearer, link, linkOf } from './links.ts';

let waiting = 0;

/** Tells the hearer when somebody is about to attach to the promise, for the first time from now on. */
export function whenHeard(promise: object, hearer: Hearer): void {
  const made = link(promise);
  const before = made.hearing;
  waiting += before === null ? 1 : 0;
  made.hearing = before === null ? hearer : both(before, hearer);
}

function both(one: Hearer, other: Hearer): Hearer {
  return {
    attach() {
      one.attach();
      other.attach();
    },
    settled() {
      one.settled();
      other.settled();
    },
  };
}

let isAttaching = false;

/** Somebody attaches to a promise. @returns whether that is an adapter, and not the program */
export function heard(promise: object | undefined): boolean {
  if (waiting === 0 || promise === undefined || isAttaching) {
    return isAttaching;
  }
  const known = linkOf(promise);
  const hearer = known?.hearing ?? null;
  if (known !== undefined && hearer !== null) {
    known.hearing = null;
    waiting--;
    isAttaching = true;
    try {
      hearer.attach();
    } finally {
      isAttaching = false;
    }
  }
  return false;
}
