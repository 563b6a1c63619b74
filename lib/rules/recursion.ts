/**
 * `recursion`: a lock asked for by an owner that holds it already, or holds another one of its class.
 * The same instance blocks its owner for ever. Two instances of one class can block two owners that take them in opposite
 * orders: an error in the kernel profile; in the default profile a warning until both orders have been seen.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { Violation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

export function recursion(state: State, attempt: Attempt): readonly Violation[] {
  if (attempt.try) {
    return [];
  }
  return attempt.held.filter((held) => conflicts(held, attempt)).flatMap((held) => judge(state, attempt, held));
}

function conflicts(held: HeldLock, { lock, mode, tentative }: Attempt): boolean {
  if (held.lock.class !== lock.class) {
    return false;
  }
  const readers = mode === 'recursive-shared' && held.mode !== 'exclusive';
  // Of a flow that is not known to wait, the same instance says nothing yet: the holder may go on and release it.
  return !readers && !(held.lock === lock && (lock.capacity > 1 || tentative));
}

function judge(state: State, attempt: Attempt, held: HeldLock): readonly Violation[] {
  const sameInstance = held.lock === attempt.lock;
  const reversed = !sameInstance && state.instances.isReversed(held.lock, attempt.lock);
  // Two pools of one kind, one inside the other, are no mistake as long as it is always the same way round.
  if (!sameInstance && !reversed && attempt.lock.class.kind.counting) {
    return [];
  }
  const isError = sameInstance || reversed || state.profile === 'kernel';
  const lock = attempt.lock.class.ref;
  const taken = resolve(state, takenAt(held));
  const asked = resolve(state, attempt.site);
  const base = finding(state, {
    rule: 'recursion',
    severity: isError ? 'error' : 'warning',
    confidence: sameInstance ? 'certain' : 'possible',
    message: describe(attempt, { sameInstance, reversed }),
    owner: attempt.owner,
    held: attempt.held,
    sites: [asked, taken],
    identity: sameInstance
      ? [classAnchor(lock), placeKey(asked)]
      : [classAnchor(lock), reversed ? 'reversed' : 'nested'],
  });
  return [{ ...base, lock, sameInstance, taken, asked }];
}

function describe({ owner, lock }: Attempt, seen: { sameInstance: boolean; reversed: boolean }): string {
  if (seen.sameInstance) {
    return `${owner.name} asks for ${lock.name} while holding it: it waits for itself.`;
  }
  const fact = `${owner.name} asks for one ${lock.name} while holding another`;
  return seen.reversed
    ? `${fact}, and the two have been taken in the opposite order before.`
    : `${fact}; nothing says in which order they are to be taken.`;
}
