/**
 * What a rule reports that one event alone can break.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import { shareOf } from '../model/unit.ts';
import type { MisuseRule, MisuseViolation, Severity } from '../model/violation.ts';
import type { LockClass } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, placeKey, resolve } from './finding.ts';

/** A place, and what happened there. */
export interface LabelledSite {
  readonly label: string;
  readonly site: RawSite | null;
}

export interface Misuse {
  readonly rule: MisuseRule;
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  readonly class: LockClass | null;
  readonly message: string;
  /** The most important first. */
  readonly places: readonly LabelledSite[];
  /** What tells it from another one of the same class at the same place. */
  readonly detail?: string;
  /** @default 'error' */
  readonly severity?: Severity;
}

export function describeMisuse(state: State, misuse: Misuse): MisuseViolation {
  const { rule, owner, held, message, detail } = misuse;
  const lock = misuse.class?.ref ?? null;
  const places = misuse.places.map(({ label, site }) => ({ label, site: resolve(state, site) }));
  const sites = places.map(({ site }) => site);
  const base = finding(state, {
    rule,
    severity: misuse.severity ?? 'error',
    confidence: 'certain',
    message,
    owner,
    held,
    sites,
    identity: [lock === null ? '' : classAnchor(lock), placeKey(sites[0] ?? null), ...(detail ? [detail] : [])],
  });
  return { ...base, lock, places };
}

/** A call that is better not made under a lock. */
export interface CallUnderLock {
  readonly owner: OwnerRef;
  /** What that owner holds, outermost first. */
  readonly held: readonly HeldLock[];
  /** What is called, such as `emit('saved')`. */
  readonly call: string;
  readonly site: RawSite | null;
}

/** A warning, or nothing where no lock is held that keeps others out. The innermost one is named: it is the first to give back. */
export function describeCall(
  state: State,
  rule: MisuseRule,
  { owner, held, call, site }: CallUnderLock,
  fault: string,
): readonly MisuseViolation[] {
  const excluding = held.filter((one) => one.class.kind.excludes).toReversed();
  const [inner] = excluding;
  if (inner === undefined) {
    return [];
  }
  const taken = excluding.map((one) => ({ label: `${one.class.ref.name} taken`, site: takenAt(one) }));
  return [
    describeMisuse(state, {
      rule,
      severity: 'warning',
      owner,
      held,
      class: inner.class,
      message: `${owner.name} calls ${call}, ${fault}, while holding ${shareOf(inner.class.ref)}.`,
      places: [{ label: `calls ${call}`, site }, ...taken],
      detail: call,
    }),
  ];
}

/** Where a holder took the lock, if there is one. */
export function takenBy(holder: HeldLock | undefined): readonly LabelledSite[] {
  return holder === undefined ? [] : [{ label: `taken by ${holder.owner.name}`, site: takenAt(holder) }];
}
