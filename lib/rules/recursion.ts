/**
 * `recursion`: a lock asked for by an owner that holds it already, or holds another one of its class.
 * The same instance blocks its owner for ever. Two instances of one class can block two owners that take them in opposite
 * orders: an error in the kernel profile; in the default profile a warning until both orders have been seen.
 */
import { classAnchor } from '../model/fingerprint.ts';
import { isPool } from '../model/unit.ts';
import type { RecursionViolation, Violation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import type { LockInstance } from '../state/classes.ts';
import { type HeldLock, isOf, takenAt } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

export function recursion(state: State, attempt: Attempt): readonly Violation[] {
  if (attempt.try || (attempt.isRetaken && !attempt.isChanged)) {
    return [];
  }
  return attempt.held
    .filter((held) => held.class === attempt.class || isOf(held, attempt.lock))
    .filter((held) => !isAllowed(attempt, held))
    .flatMap((held) => judge(state, attempt, held));
}

/** True if one lock of a class may be taken while another, or itself, is held. A nesting level of its own makes no other lock of it. */
export function isAllowed(attempt: Attempt, held: HeldLock): boolean {
  const { lock, mode, nest = null, tentative } = attempt;
  if (mode === 'recursive-shared' && held.mode !== 'exclusive') {
    return true;
  }
  if (isOf(held, lock)) {
    // Of a flow that is not known to wait, the same instance says nothing yet: the holder may go on and release it.
    return lock.capacity > 1 || tentative;
  }
  return attempt.isGuarded || (nest !== null && isUnder(attempt, nest, held)) || isInOrder(attempt, held);
}

// The guard has to be held since before that lock was taken.
function isUnder(attempt: Attempt, nest: LockInstance, held: HeldLock): boolean {
  const guard = attempt.held.findIndex((one) => isOf(one, nest));
  return guard >= 0 && guard < attempt.held.indexOf(held);
}

function isInOrder({ lock, class: { traits } }: Attempt, held: HeldLock): boolean {
  const { compare } = traits;
  return compare !== null && [held.lock, ...(held.folded ?? [])].every((one) => compare(one, lock) < 0);
}

function judge(state: State, attempt: Attempt, held: HeldLock): readonly RecursionViolation[] {
  const sameInstance = isOf(held, attempt.lock);
  const isDeclared = attempt.class.traits.compare !== null;
  const { instances } = state;
  const reversed =
    !sameInstance && (instances.isReversed(held.lock, attempt.lock) || instances.isEverReversed(attempt.lock.class));
  // Two pools of one kind, one inside the other, are no mistake as long as it is always the same way round.
  if (!sameInstance && !reversed && !isDeclared && attempt.class.kind.counting && state.profile !== 'kernel') {
    return [];
  }
  const seen = {
    sameInstance,
    reread: sameInstance && isRead(attempt, held),
    reversed,
    isDeclared,
    upgrade: sameInstance && isUpgrade(attempt, held),
  };
  const isError = sameInstance || reversed || isDeclared || state.profile === 'kernel';
  const lock = attempt.class.ref;
  const taken = resolve(state, takenAt(held));
  const asked = resolve(state, attempt.site);
  const base = finding(state, {
    rule: 'recursion',
    severity: isError ? 'error' : 'warning',
    // A reader over a reader waits only if a writer asks in between.
    confidence: sameInstance && !isRead(attempt, held) ? 'certain' : 'possible',
    message: describe(attempt, seen),
    owner: attempt.owner,
    held: attempt.held,
    sites: [asked, taken],
    identity: sameInstance
      ? [classAnchor(lock), placeKey(asked)]
      : [classAnchor(lock), reversed ? 'reversed' : isDeclared ? 'against its order' : 'nested'],
  });
  return [
    {
      ...base,
      lock,
      sameInstance,
      upgrade: seen.upgrade,
      interruptedBy: interrupter(state, attempt, held),
      againstOrder: isDeclared && !sameInstance,
      taken,
      asked,
    },
  ];
}

function interrupter(state: State, { situation = state.contexts.task }: Attempt, held: HeldLock): string | null {
  const below = held.chain.situation;
  const context = situation.inside.findLast((one) => one.interrupts && !below.inside.includes(one));
  return below.section === situation.section ? null : (context?.name ?? null);
}

function isRead({ mode }: Attempt, held: HeldLock): boolean {
  return mode !== 'exclusive' && held.mode !== 'exclusive';
}

function isUpgrade({ mode }: Attempt, held: HeldLock): boolean {
  return mode === 'exclusive' && held.mode !== 'exclusive';
}

interface Case {
  readonly reread: boolean;
  readonly sameInstance: boolean;
  readonly reversed: boolean;
  readonly isDeclared: boolean;
  readonly upgrade: boolean;
}

function describe({ owner, class: { ref } }: Attempt, seen: Case): string {
  if (seen.upgrade) {
    return `${owner.name} asks for ${ref.name} as a writer while holding it as a reader: it waits for itself.`;
  }
  if (seen.reread) {
    return `${owner.name} asks to read ${ref.name} while reading it: a writer that asks in between makes it wait for itself.`;
  }
  if (seen.sameInstance && isPool(ref)) {
    return `${owner.name} asks ${ref.name} for a connection while holding its only one: it waits for itself.`;
  }
  if (seen.sameInstance) {
    return `${owner.name} asks for ${ref.name} while holding it: it waits for itself.`;
  }
  const fact = `${owner.name} asks for one ${ref.name} while holding another`;
  if (seen.isDeclared) {
    return `${fact}, against the order that is declared for them.`;
  }
  return seen.reversed
    ? `${fact}, and the two have been taken in the opposite order before.`
    : `${fact}; nothing says in which order they are to be taken.`;
}

/** A reader waits to become the writer. Alone it waits for the other readers; two that do so wait for each other. */
export function blockingUpgrade(state: State, attempt: Attempt): readonly RecursionViolation[] {
  const { owner, lock, held, class: wanted } = attempt;
  const own = held.find((one) => isOf(one, lock));
  if (attempt.try || wanted.traits.upgradable || own === undefined || own.mode === 'exclusive') {
    return [];
  }
  const [taken, asked] = [resolve(state, takenAt(own)), resolve(state, attempt.site)];
  const ref = wanted.ref;
  const base = finding(state, {
    rule: 'recursion',
    severity: 'error',
    confidence: 'possible',
    message: `${owner.name} waits to become the writer of ${ref.name}, which it reads: two readers that do so wait for each other.`,
    owner,
    held,
    sites: [asked, taken],
    identity: [classAnchor(ref), 'upgrade', placeKey(asked)],
  });
  return [
    { ...base, lock: ref, sameInstance: true, upgrade: true, interruptedBy: null, againstOrder: false, taken, asked },
  ];
}
