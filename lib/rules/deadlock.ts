/**
 * `deadlock`: owners wait for each other in a circle, now. No prediction: it happened, and only the end of one of the waits
 * undoes it. What predicts the same defect, `order-cycle` or `recursion`, is a finding of its own.
 */
import { classAnchor } from '../model/fingerprint.ts';
import { isPool, shareOf } from '../model/unit.ts';
import type { DeadlockViolation, WaitRef } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey } from './finding.ts';
import { type Wait, waitRef } from './stalled.ts';

export interface Deadlock {
  /** In the order of the circle: each waits for the next one. The last one closed it, and waits for the first. */
  readonly waits: readonly Wait[];
  /** True where the last one is rejected, so that the others go on. */
  readonly rejected: boolean;
}

/** Beyond this many the sentence would be a list. */
const MOST_TOLD = 3;

export function deadlock(state: State, { waits, rejected }: Deadlock): readonly DeadlockViolation[] {
  const last = waits.at(-1);
  if (last === undefined) {
    return [];
  }
  const refs = waits.map((wait) => waitRef(state, wait));
  const latestFirst = [...refs.slice(-1), ...refs.slice(0, -1)];
  const base = finding(state, {
    rule: 'deadlock',
    severity: 'error',
    confidence: 'certain',
    message: describe(refs, rejected),
    owner: last.owner,
    held: last.held,
    sites: latestFirst.flatMap(({ asked, holders }) => [asked, ...holders.map(({ site }) => site)]),
    identity: [
      ...distinct(refs.map(({ lock }) => classAnchor(lock))),
      ...distinct(refs.map((ref) => placeKey(ref.asked))),
    ],
  });
  return [{ ...base, waits: refs, rejected }];
}

/** Where the circle is entered does not matter, nor how many go the same way in it. */
function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function describe(refs: readonly WaitRef[], rejected: boolean): string {
  const end = rejected ? `; the wait of ${refs.at(-1)?.owner} was rejected.` : '.';
  if (refs.length > MOST_TOLD) {
    const owners = [...refs, ...refs.slice(0, 1)].map(({ owner }) => owner).join(' → ');
    return `A deadlock happened: ${refs.length} owners wait for each other, ${owners}${end}`;
  }
  const facts = refs.map((ref, at) => {
    const next = refs[(at + 1) % refs.length] ?? ref;
    return `${ref.owner} waits for ${shareOf(ref.lock)}, ${inTheWay(ref, next, refs.length === 1)}`;
  });
  return `A deadlock happened: ${facts.join('; ')}${end}`;
}

/** The next one holds it, or is before this one in its queue. */
function inTheWay({ owner, lock, holders }: WaitRef, next: WaitRef, isAlone: boolean): string {
  const isShared = isPool(lock) && lock.capacity > 1;
  if (next.owner === owner && isAlone) {
    return `${isShared ? 'all of ' : ''}which it holds itself`;
  }
  if (next.owner === owner || holders.some((holder) => holder.owner === next.owner)) {
    const who = next.owner === owner ? `another branch of ${owner}` : next.owner;
    return `${isShared ? 'one of ' : ''}which ${who} holds`;
  }
  return `which ${next.owner} is to get first`;
}
