/**
 * What is reported of a lock that is held, or waited for, longer than a limit.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { LimitRule, LimitViolation } from '../model/violation.ts';
import type { LockClass } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

export interface Excess {
  readonly rule: LimitRule;
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  readonly class: LockClass;
  readonly message: string;
  readonly ms: number;
  readonly limitMs: number;
  readonly site: RawSite | null;
  /** @default 0 */
  readonly waiters?: number;
  /** True where the class has promised to stay below the limit. @default false */
  readonly isBudget?: boolean;
  /** @default [] */
  readonly holders?: readonly HeldLock[];
}

export function describeExcess(state: State, excess: Excess): LimitViolation {
  const { rule, owner, held, message, ms, limitMs, waiters = 0, isBudget = false } = excess;
  const lock = excess.class.ref;
  const site = resolve(state, excess.site);
  const holders = (excess.holders ?? []).map((one) => ({ owner: one.owner.name, site: resolve(state, takenAt(one)) }));
  const base = finding(state, {
    rule,
    severity: isBudget ? 'error' : 'warning',
    confidence: 'certain',
    message,
    owner,
    held,
    sites: [site, ...holders.map((holder) => holder.site)],
    // Another finding than the warning, which may have come first.
    identity: [classAnchor(lock), placeKey(site), ...(isBudget ? ['budget'] : [])],
  });
  return { ...base, lock, ms, limitMs, site, waiters, holders };
}

/** `250 ms (the limit is 200 ms)`, `0.312 ms (the budget is 0.05 ms)`. */
export function excessOf({ ms, limitMs, isBudget = false }: Pick<Excess, 'ms' | 'limitMs' | 'isBudget'>): string {
  return `${milliseconds(ms)} (the ${isBudget ? 'budget' : 'limit'} is ${milliseconds(limitMs)})`;
}

/** Whole ones; below 100 three digits that count. */
function milliseconds(ms: number): string {
  return `${ms >= 100 ? Math.round(ms) : Number(ms.toPrecision(3))} ms`;
}
