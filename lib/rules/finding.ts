/**
 * What every finding says, put together in one place.
 */
import { fingerprint, placeAnchor } from '../model/fingerprint.ts';
import type { Site } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { Confidence, RuleId, Severity, ViolationBase } from '../model/violation.ts';
import { type HeldLock, heldRef } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';

/** The facts that a rule has to give. */
export interface Facts<Rule extends RuleId> {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly owner: OwnerRef;
  readonly held: readonly HeldLock[];
  /** Most important first; those that could not be captured are passed over. */
  readonly sites: readonly (Site | null)[];
  /** What tells this defect from others of the rule, or the finished fingerprint. */
  readonly identity: readonly string[] | string;
}

/** A violation of one rule, but for what only that rule has to say. */
export interface Finding<Rule extends RuleId> extends ViolationBase {
  readonly rule: Rule;
}

export function finding<Rule extends RuleId>(state: State, facts: Facts<Rule>): Finding<Rule> {
  const { rule, identity } = facts;
  return {
    rule,
    severity: facts.severity,
    confidence: facts.confidence,
    fingerprint: typeof identity === 'string' ? identity : fingerprint(rule, identity),
    count: 1,
    message: facts.message,
    owner: facts.owner.name,
    process: state.process,
    sites: facts.sites.filter((site) => site !== null),
    held: facts.held.map((held) => heldRef(held, state.resolver)),
  };
}

export function resolve(state: State, site: RawSite | null): Site | null {
  return site?.resolve(state.resolver) ?? null;
}

/** The part of a fingerprint that names a place: the file and the function, which a shift of lines leaves alone. */
export function placeKey(site: Site | null): string {
  return site === null ? '' : placeAnchor(site);
}
