/**
 * `ww-misuse`: somebody left the protocol of wound/wait mutexes. That no two contexts wait for each other, and that each
 * gets all its mutexes in the end, is promised only to those who keep it. The faults are those that a debugging kernel
 * looks for (Documentation/locking/ww-mutex-design.rst), and two more: a context that waits twice at once, which a thread of
 * the kernel cannot do, and a mutex taken beside the context, which the kernel does not see in every order.
 */
import type { OwnerRef } from '../model/owner.ts';
import type { MisuseViolation } from '../model/violation.ts';
import type { LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { describeMisuse, type LabelledSite } from './misuse.ts';

/** What is wrong with a use of a wound/wait mutex or of its context. */
export type WwFault =
  | 'done-twice'
  | 'lock-after-done'
  | 'other-after-deadlock'
  | 'held-after-deadlock'
  | 'slow-without-deadlock'
  | 'slow-while-held'
  | 'end-while-held'
  | 'end-twice'
  | 'use-after-end'
  | 'other-class'
  | 'other-owner'
  | 'asked-while-waiting'
  | 'beside-context';

/** A wound/wait mutex or its context is used in a way that the protocol forbids. */
export interface WwMisuse {
  readonly fault: WwFault;
  /** Who does it. */
  readonly owner: OwnerRef;
  /** What that owner holds, outermost first. */
  readonly held: readonly HeldLock[];
  /** The mutex; the pseudo-lock of the context where the fault is about none. */
  readonly lock: LockInstance;
  /** Name of the mutex, or of the class of the context. */
  readonly name: string;
  /** Name of who or what else is in it: the mutex of the 'deadlock', those still held, the context's class or its owner. */
  readonly other: string;
  readonly site: RawSite;
  /** What came before and makes it a fault, the most important first. */
  readonly earlier: readonly LabelledSite[];
}

interface Wording {
  /** What happened at the place of the fault. */
  readonly label: string;
  /** What the owner does, without its name. */
  readonly fact: (name: string, other: string) => string;
}

const asked = (fact: Wording['fact']): Wording => ({ label: 'asked', fact });

const WORDINGS: Readonly<Record<WwFault, Wording>> = {
  'done-twice': { label: 'done again', fact: (name) => `says done() twice in one context of ${name}` },
  'lock-after-done': asked((name) => `asks for ${name} after done()`),
  'other-after-deadlock': asked(
    (name, other) => `asks for ${name} after 'deadlock' at ${other}, which is to come first`,
  ),
  'held-after-deadlock': asked((name, other) => `asks for ${name} after 'deadlock' while it still holds ${other}`),
  'slow-without-deadlock': asked((name) => `takes the slow path to ${name} without a 'deadlock' before`),
  'slow-while-held': asked((name, other) => `takes the slow path to ${name} while it still holds ${other}`),
  'end-while-held': { label: 'ended', fact: (name, other) => `ends a context of ${name} that still has ${other}` },
  'end-twice': { label: 'ended again', fact: (name) => `ends a context of ${name} twice` },
  'use-after-end': { label: 'used', fact: (name) => `uses a context of ${name} after its end` },
  'other-class': asked((name, other) => `asks for ${name} under a context of ${other}`),
  'other-owner': { label: 'used', fact: (name, other) => `uses a context of ${name} that belongs to ${other}` },
  'asked-while-waiting': asked((name, other) => `asks for ${name} while its context waits for ${other}`),
  'beside-context': asked((name, other) => `asks for ${name} under a context and holds ${other} beside it`),
};

export function wwMisuse(state: State, event: WwMisuse): readonly MisuseViolation[] {
  const { fault, owner, held, lock, site, earlier } = event;
  const { label, fact } = WORDINGS[fault];
  const message = `${owner.name} ${fact(event.name, event.other)}.`;
  const places = [{ label, site }, ...earlier];
  return [describeMisuse(state, { rule: 'ww-misuse', owner, held, class: lock.class, message, places, detail: fault })];
}
