/**
 * What a forbidden wait is reported with.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { WaitType } from '../model/kind.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { WaitViolation } from '../model/violation.ts';
import type { LockClass } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import type { Limit } from '../state/waits.ts';
import { finding, placeKey, resolve } from './finding.ts';

export interface ForbiddenWait {
  readonly rule: WaitViolation['rule'];
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  /** What was asked for, if it was a lock. */
  readonly class: LockClass | null;
  readonly wanted: WaitType;
  readonly limit: Limit;
  readonly site: RawSite | null;
  readonly message: string;
  readonly act: WaitViolation['act'];
  /** @default false */
  readonly disabled?: boolean;
}

export function describeWait(state: State, wait: ForbiddenWait): WaitViolation {
  const { limit } = wait;
  const lock = wait.class?.ref ?? null;
  const asked = resolve(state, wait.site);
  const taken = limit.held === null ? null : resolve(state, takenAt(limit.held));
  const context = limit.context?.name ?? null;
  const forbids = limit.held?.class.ref ?? null;
  const base = finding(state, {
    rule: wait.rule,
    severity: 'error',
    confidence: 'certain',
    message: wait.message,
    owner: wait.owner,
    held: wait.held,
    sites: [asked, taken],
    identity: [
      lock === null ? '' : classAnchor(lock),
      forbids === null ? (context ?? '') : classAnchor(forbids),
      lock === null ? placeKey(asked ?? taken) : '',
    ],
  });
  return {
    ...base,
    lock,
    wanted: wait.wanted,
    limit: { type: limit.type, lock: forbids, context, disabled: wait.disabled ?? false, taken },
    asked,
    act: wait.act,
  };
}

/** What forbids it, in words. */
export function forbiddenBy({ held, context }: Limit): string {
  return held === null ? `in ${context?.name}` : `while holding ${held.class.ref.name}, a ${held.class.kind.name}`;
}
