/**
 * What findings are made of, and what every one of them says.
 */
import type { ClassRef, DependencyKind, Mode, Site } from './lock.ts';
import type { RuleId } from './rule.ts';

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
