/**
 * What a rule reports that forbids an order of two locks outright.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { OrderRule, OrderRuleViolation } from '../model/violation.ts';
import type { LockClass } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, resolve } from './finding.ts';

export interface ForbiddenOrder {
  readonly rule: OrderRule;
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  /** What was asked for, or released. */
  readonly class: LockClass;
  /** What is held. */
  readonly other: LockClass;
  readonly asked: RawSite | null;
  readonly taken: RawSite | null;
  readonly message: string;
  readonly levels?: OrderRuleViolation['levels'];
  readonly declared?: readonly string[];
}

export function describeOrder(state: State, event: ForbiddenOrder): OrderRuleViolation {
  const { rule, owner, held, message, levels = null, declared = [] } = event;
  const [lock, other] = [event.class.ref, event.other.ref];
  const [asked, taken] = [resolve(state, event.asked), resolve(state, event.taken)];
  const base = finding(state, {
    rule,
    severity: 'error',
    confidence: 'certain',
    message,
    owner,
    held,
    sites: [asked, taken],
    identity: [classAnchor(lock), classAnchor(other)],
  });
  return { ...base, lock, other, asked, taken, levels, declared };
}
