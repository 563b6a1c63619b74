/**
 * What a broken rule gives: plain data, tagged by `rule`, that survives JSON. Reporters read this and nothing else.
 */
import type { ClassRef, DependencyKind, Mode, Site } from './lock.ts';

/** Ids of the rules. An id is never reused. */
export type RuleId =
  | 'order-cycle'
  | 'recursion'
  | 'pool-nesting'
  | 'bad-release'
  | 'wrong-owner-release'
  | 'held-at-exit'
  | 'stalled'
  | 'assert-held'
  | 'assert-not-held';

/**
 * How sure the finding is: `certain` (it is happening), `possible` (crossed by several owners), `weak` (seen from one
 * owner only), `guarded` (kept, not shown).
 */
export type Confidence = 'certain' | 'possible' | 'weak' | 'guarded';

/** An `error` fails the run; a `warning` is shown and does not. */
export type Severity = 'error' | 'warning';

/** A lock held by an owner at the time of the violation. */
export interface HeldRef {
  readonly lock: ClassRef;
  readonly mode: Mode;
  /** Where it was taken, `null` where no site was captured. */
  readonly site: Site | null;
}

/** One way in which a dependency was seen. */
export interface Witness {
  readonly kind: DependencyKind;
  /** Readable name of the owner, unique in its process, such as `transfer#7`. */
  readonly owner: string;
  /** Where the first lock was taken. */
  readonly taken: Site | null;
  /** Where the second lock was asked for. */
  readonly asked: Site | null;
  /** Milliseconds since the epoch when first seen. */
  readonly at: number;
  /** Process and thread that saw it, such as `4242` or `4242/1`. */
  readonly process: string;
}

/** One step of a cycle: `to` was asked for while `from` was held. */
export interface CycleEdge {
  readonly from: ClassRef;
  readonly to: ClassRef;
  readonly witness: Witness;
  /** How often the dependency was seen, as far as it was counted. */
  readonly count: number;
  /** True for the step that closed the cycle. */
  readonly attempted: boolean;
}

/** What every violation says. */
export interface ViolationBase {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** Raised when more owners go the same ways. */
  confidence: Confidence;
  /** Twelve hex digits; the same for one defect in every run, process and order of events. */
  readonly fingerprint: string;
  /** How often it was seen. Kept up to date after the first report. */
  count: number;
  /** The fact in one sentence. */
  readonly message: string;
  /** Owner that broke the rule. */
  readonly owner: string;
  /** Process and thread, such as `4242` or `4242/1`. */
  readonly process: string;
  /** Every place that matters, the most important first. */
  readonly sites: readonly Site[];
  /** What the owner held at that moment, outermost first. */
  readonly held: readonly HeldRef[];
}

/** A cycle in the class graph that can block all its owners for ever. */
export interface OrderCycleViolation extends ViolationBase {
  readonly rule: 'order-cycle';
  /** The steps in forward order: each step's `to` is the next one's `from`, the last leads back to the first. */
  readonly edges: readonly CycleEdge[];
}

/** The same lock, or another of its class, asked for again by its holder. */
export interface RecursionViolation extends ViolationBase {
  readonly rule: 'recursion';
  readonly lock: ClassRef;
  /** True when it is the very same instance: a self-deadlock. */
  readonly sameInstance: boolean;
  readonly taken: Site | null;
  readonly asked: Site | null;
}

/** One more unit of a counting resource asked for by an owner that holds some. */
export interface PoolNestingViolation extends ViolationBase {
  readonly rule: 'pool-nesting';
  readonly lock: ClassRef;
  /** Units there are in all. */
  readonly capacity: number;
  /** How many owners, doing this at once, are enough to block each other for ever. */
  readonly ownersNeeded: number;
  readonly taken: Site | null;
  readonly asked: Site | null;
}

/** A release of what nobody, or somebody else, holds. */
export interface ReleaseViolation extends ViolationBase {
  readonly rule: 'bad-release' | 'wrong-owner-release';
  readonly lock: ClassRef;
  readonly released: Site | null;
  /** Who holds it, and where it was taken, where somebody does. */
  readonly holder: { readonly owner: string; readonly site: Site | null } | null;
  /** Where it was last released before, where known. */
  readonly lastReleased: Site | null;
}

/** An owner that ended with locks held. */
export interface HeldAtExitViolation extends ViolationBase {
  readonly rule: 'held-at-exit';
  readonly lock: ClassRef;
  readonly taken: Site | null;
}

/** Who waits for what, and who holds it. */
export interface WaitRef {
  readonly owner: string;
  readonly lock: ClassRef;
  readonly asked: Site | null;
  /** Milliseconds waited so far. */
  readonly waited: number;
  readonly held: readonly HeldRef[];
  readonly holders: readonly { readonly owner: string; readonly site: Site | null }[];
}

/** The process ended, or had nothing left to run, while owners still waited. */
export interface StalledViolation extends ViolationBase {
  readonly rule: 'stalled';
  readonly waits: readonly WaitRef[];
}

/** An assertion about held locks that did not hold. */
export interface AssertViolation extends ViolationBase {
  readonly rule: 'assert-held' | 'assert-not-held';
  readonly lock: ClassRef;
  readonly asserted: Site | null;
  readonly holder: { readonly owner: string; readonly site: Site | null } | null;
}

export type Violation =
  | OrderCycleViolation
  | RecursionViolation
  | PoolNestingViolation
  | ReleaseViolation
  | HeldAtExitViolation
  | StalledViolation
  | AssertViolation;
