/**
 * `deadlock`: owners wait for each other in a circle, now. No prediction: it happened, and only the end of one of the waits
 * undoes it. What predicts the same defect, `order-cycle` or `recursion`, is a finding of its own.
 */
import { actorOf, isSameActor } from '../model/actor.ts';
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import { isPool, shareOf } from '../model/unit.ts';
import type { DeadlockViolation, WaitRef } from '../model/violation.ts';
import type { HeldLock } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey } from './finding.ts';
import { type Wait, waitRef } from './stalled.ts';

export interface Deadlock {
  /** In the order of the circle: each waits for the next one. The last one closed it, and waits for the first. */
  readonly waits: readonly Wait[];
  /** True where the last one is rejected, so that the others go on. */
  readonly rejected: boolean;
}

/** A circle as plain data, such as one over several threads that was read from the memory that they share. */
export interface ToldDeadlock {
  /** In the order of the circle, as above. */
  readonly waits: readonly WaitRef[];
  /** True where the last one is rejected, so that the others go on. */
  readonly rejected: boolean;
  /** Whose wait closed it, or who found it. */
  readonly owner: OwnerRef;
  /** What that one holds, outermost first. */
  readonly held: readonly HeldLock[];
}

/** Beyond this many the sentence would be a list. */
const MOST_TOLD = 3;

export function deadlock(state: State, { waits, rejected }: Deadlock): readonly DeadlockViolation[] {
  const last = waits.at(-1);
  if (last === undefined) {
    return [];
  }
  const { owner, held } = last;
  return deadlockOf(state, { waits: waits.map((wait) => waitRef(state, wait)), rejected, owner, held });
}

/** The same of a circle that is known by names and places alone. */
export function deadlockOf(state: State, { waits, rejected, owner, held }: ToldDeadlock): readonly DeadlockViolation[] {
  if (waits.length === 0) {
    return [];
  }
  const latestFirst = [...waits.slice(-1), ...waits.slice(0, -1)];
  const base = finding(state, {
    rule: 'deadlock',
    severity: 'error',
    confidence: 'certain',
    message: describe(waits, rejected),
    owner,
    held,
    sites: latestFirst.flatMap(({ asked, holders }) => [asked, ...holders.map(({ site }) => site)]),
    identity: [
      ...distinct(waits.map(({ lock }) => classAnchor(lock))),
      ...distinct(waits.map((wait) => placeKey(wait.asked))),
    ],
  });
  return [{ ...base, waits, rejected }];
}

/** Where the circle is entered does not matter, nor how many go the same way in it. */
function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function describe(refs: readonly WaitRef[], rejected: boolean): string {
  const last = refs.at(-1);
  const end = rejected && last ? `; the wait of ${actorOf(last)} was rejected.` : '.';
  if (refs.length > MOST_TOLD) {
    const owners = [...refs, ...refs.slice(0, 1)].map(actorOf).join(' → ');
    return `A deadlock happened: ${refs.length} owners wait for each other, ${owners}${end}`;
  }
  const facts = refs.map((ref, at) => {
    const next = refs[(at + 1) % refs.length] ?? ref;
    return `${actorOf(ref)} ${waitsFor(ref)} ${shareOf(ref.lock)}, ${inTheWay(ref, next, refs.length === 1)}`;
  });
  return `A deadlock happened: ${facts.join('; ')}${end}`;
}

function waitsFor({ isSpinning = false }: WaitRef): string {
  return isSpinning ? 'spins on' : 'waits for';
}

/** The next one holds it, or is before this one in its queue. */
function inTheWay(wait: WaitRef, next: WaitRef, isAlone: boolean): string {
  const { lock, holders } = wait;
  const isShared = isPool(lock) && lock.capacity > 1;
  const isSame = isSameActor(next, wait);
  const [holder] = holders;
  if (isAlone && holder !== undefined && !holders.some((one) => isSameActor(one, wait))) {
    return `which ${holder.owner} of the same thread holds, and cannot give back meanwhile`;
  }
  if (isSame && isAlone) {
    return `${isShared ? 'all of ' : ''}which it holds itself`;
  }
  if (isSame || holders.some((holder) => isSameActor(holder, next))) {
    return `${isShared ? 'one of ' : ''}which ${isSame ? another(wait) : actorOf(next)} holds`;
  }
  return `which ${actorOf(next)} is to get first`;
}

/** Threads may have one name; an owner within a thread has several branches. */
function another(wait: WaitRef): string {
  return wait.thread === undefined ? `another branch of ${wait.owner}` : `another thread called ${actorOf(wait)}`;
}
