/**
 * `stalled`: nothing is left to run and owners still wait. In Node that looks like a clean end of the program.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { OwnerRef } from '../model/owner.ts';
import { isPool, shareOf } from '../model/unit.ts';
import type { Severity, StalledViolation, WaitRef } from '../model/violation.ts';
import type { LockInstance } from '../state/classes.ts';
import { type HeldLock, heldRef, takenAt } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { finding, resolve } from './finding.ts';

/** An owner that waits for a lock. */
export interface Wait {
  readonly owner: OwnerRef;
  readonly lock: LockInstance;
  readonly held: readonly HeldLock[];
  readonly holders: readonly HeldLock[];
  /** Where it asked, as far as that is known. */
  readonly site: RawSite | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export interface Stall {
  readonly waits: readonly Wait[];
  /** A warning where the end came from outside, such as a call of `process.exit`. */
  readonly severity: Severity;
}

export function stalled(state: State, { waits, severity }: Stall): readonly StalledViolation[] {
  const first = waits[0];
  if (first === undefined) {
    return [];
  }
  const refs = waits.map((wait) => waitRef(state, wait));
  const base = finding(state, {
    rule: 'stalled',
    severity,
    confidence: severity === 'error' ? 'certain' : 'possible',
    message: describe(refs),
    owner: first.owner,
    held: first.held,
    sites: refs.flatMap(({ asked, holders }) => [asked, ...holders.map((holder) => holder.site)]),
    identity: [...new Set(refs.map((ref) => classAnchor(ref.lock)))].sort(),
  });
  return [{ ...base, waits: refs }];
}

/** What is said of a wait. */
export function waitRef(state: State, wait: Wait): WaitRef {
  return {
    owner: wait.owner.name,
    lock: wait.lock.class.ref,
    asked: resolve(state, wait.site),
    waited: state.now() - wait.since,
    held: wait.held.map((held) => heldRef(held, state.resolver)),
    holders: wait.holders.map((holder) => ({
      owner: holder.owner.name,
      site: resolve(state, takenAt(holder)),
    })),
  };
}

function describe(waits: readonly WaitRef[]): string {
  const [first] = waits;
  if (first === undefined || waits.length === 1) {
    return `The process ended while ${first?.owner} still waited for ${first && shareOf(first.lock)}.`;
  }
  const isOnePool = isPool(first.lock) && waits.every(({ lock }) => lock.key === first.lock.key);
  const what = isOnePool ? `connections of ${first.lock.name}` : 'locks';
  return `The process ended while ${waits.length} owners still waited for ${what}.`;
}
