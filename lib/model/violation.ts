/**
 * What a broken rule gives: plain data, tagged by `rule`, that survives JSON. Reporters read this and nothing else.
 */
import type { CycleEdge, HeldRef, ViolationBase } from './evidence.ts';
import type { WaitType } from './kind.ts';
import type { ClassRef, Site } from './lock.ts';
import type { LeaseExpiredViolation, SplitKeyViolation } from './misuse-violation.ts';
import type { AssertRule, LimitRule, MisuseRule, OrderRule } from './rule.ts';
import type { OwnerDiedViolation, PriorityInversionViolation, StarvationViolation } from './thread-violation.ts';

export type { Confidence, CycleEdge, HeldRef, Severity, ViolationBase, Witness } from './evidence.ts';
export type { LeaseExpiredViolation, SplitKeyViolation } from './misuse-violation.ts';
export type { AssertRule, LimitRule, MisuseRule, OrderRule, RuleId } from './rule.ts';
export type {
  OwnerDiedViolation,
  PriorityInversionViolation,
  StarvationViolation,
  ThreadHolder,
} from './thread-violation.ts';

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
  /** True where a reader asks to become the writer: two that do so wait for each other. */
  readonly upgrade: boolean;
  /** Name of the context whose handler asks for what the code that it interrupted holds; else `null`. */
  readonly interruptedBy: string | null;
  /** True where an order is declared for the locks of the class, and this is against it. */
  readonly againstOrder: boolean;
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

/** How a class was first used in, or held open to, a context such as an interrupt handler. */
export interface UsageRef {
  /** `used-in`: asked for by code that runs in the context. `enabled`: held while the context could interrupt. */
  readonly usage: 'used-in' | 'enabled';
  readonly form: 'read' | 'write';
  readonly owner: string;
  /** Process and thread that saw it. */
  readonly process: string;
  /** Where the lock was asked for, or where the context was enabled while it was held. */
  readonly site: Site | null;
}

/** A class that a handler takes and that is also held while the handler can interrupt the holder. */
export interface IrqInconsistentViolation extends ViolationBase {
  readonly rule: 'irq-inconsistent';
  readonly lock: ClassRef;
  /** Name of the context, such as `hardirq`. */
  readonly context: string;
  readonly used: UsageRef;
  readonly enabled: UsageRef;
}

/** A path from a class that a handler takes to one that is held while the handler can interrupt. */
export interface IrqPathViolation extends ViolationBase {
  /** `irq-order`: a new dependency made the path. `irq-inversion`: a new use at one of its ends made it matter. */
  readonly rule: 'irq-order' | 'irq-inversion';
  /** Name of the context, such as `hardirq`. */
  readonly context: string;
  readonly safe: ClassRef;
  readonly used: UsageRef;
  readonly unsafe: ClassRef;
  readonly enabled: UsageRef;
  /** The steps from the safe class to the unsafe one, in forward order; `attempted` where the step is the new one. */
  readonly path: readonly CycleEdge[];
}

/** What forbids to wait in the wanted way: a lock that is held, or the context that the owner is in. */
export interface WaitLimit {
  readonly type: WaitType;
  /** The lock that is held, `null` where the context forbids it. */
  readonly lock: ClassRef | null;
  /** The context, such as `hardirq`; `null` where a lock forbids it. */
  readonly context: string | null;
  /** True where the owner is not in the context, but keeps it from interrupting. */
  readonly disabled: boolean;
  /** Where the lock was taken. */
  readonly taken: Site | null;
}

/** A wait of a kind that is forbidden here: a sleeping lock, or sleep, under a spinning one or in a handler. */
export interface WaitViolation extends ViolationBase {
  readonly rule: 'wait-context' | 'sleep-while-held';
  /** The lock that was asked for; `null` for a sleep without one. */
  readonly lock: ClassRef | null;
  readonly wanted: WaitType;
  readonly limit: WaitLimit;
  readonly asked: Site | null;
  /** What the owner did: it asked for a lock, said that it may sleep, waited for an event, sent a message that it waits for the end of, or gave way to the event loop. */
  readonly act: 'asked' | 'may-sleep' | 'waited' | 'sent' | 'gave-way';
}

/** Two locks in an order that is forbidden by level, by declaration, or, for a release, because it is not last-in first-out. */
export interface OrderRuleViolation extends ViolationBase {
  readonly rule: OrderRule;
  /** The lock that was asked for, or released. */
  readonly lock: ClassRef;
  /** The one that is held at that time. */
  readonly other: ClassRef;
  /** Where `lock` was asked for, or released. */
  readonly asked: Site | null;
  /** Where `other` was taken. */
  readonly taken: Site | null;
  /** `level-order`: the levels of the two; else `null`. */
  readonly levels: { readonly lock: number; readonly other: number } | null;
  /** `declared-order`: names of the classes in the declared order that leads from `lock` to `other`; else empty. */
  readonly declared: readonly string[];
}

/** A place and what happened there. */
export interface PlaceRef {
  /** Such as `destroyed` or `taken by cpu0`. */
  readonly label: string;
  readonly site: Site | null;
}

/** A misuse that one event shows. */
export interface MisuseViolation extends ViolationBase {
  readonly rule: MisuseRule;
  readonly lock: ClassRef | null;
  /** The places, the most important first. */
  readonly places: readonly PlaceRef[];
}

/** A release of what nobody, or somebody else, holds. */
export interface ReleaseViolation extends ViolationBase {
  readonly rule: 'bad-release' | 'wrong-owner-release';
  readonly lock: ClassRef;
  readonly released: Site | null;
  /** Who holds it, and where it was taken, where somebody does. */
  readonly holder: { readonly owner: string; readonly site: Site | null } | null;
  /** Where it was last taken and released before, where known. */
  readonly lastTaken: Site | null;
  readonly lastReleased: Site | null;
  /** What the owner did with it. */
  readonly act: 'releases' | 'downgrades' | 'upgrades' | 're-classes';
  /** What is wrong where the owner does hold it: the mode, or that the code it interrupted holds it; else `null`. */
  readonly mismatch: 'mode' | 'interrupted' | null;
}

/** An owner, or a handler, that ended with locks held. */
export interface HeldAtExitViolation extends ViolationBase {
  readonly rule: 'held-at-exit';
  readonly lock: ClassRef;
  /** Name of the context that was left, `null` where the owner itself ended. */
  readonly context: string | null;
  readonly taken: Site | null;
}

/** Who waits for what, and who holds it. */
export interface WaitRef {
  readonly owner: string;
  /** Name of the thread that waits; absent where all of it is in one thread. */
  readonly thread?: string;
  /** True where the wait keeps a CPU busy. @default false */
  readonly isSpinning?: boolean;
  readonly lock: ClassRef;
  readonly asked: Site | null;
  /** Milliseconds waited so far. */
  readonly waited: number;
  readonly held: readonly HeldRef[];
  readonly holders: readonly { readonly owner: string; readonly thread?: string; readonly site: Site | null }[];
}

/** The process ended, or had nothing left to run, while owners still waited. */
export interface StalledViolation extends ViolationBase {
  readonly rule: 'stalled';
  readonly waits: readonly WaitRef[];
}

/** Owners that wait for each other in a circle: it happened, and was seen at the moment at which the circle closed. */
export interface DeadlockViolation extends ViolationBase {
  readonly rule: 'deadlock';
  /** In the order of the circle: each waits for the next one, and the last, which closed the circle, for the first. */
  readonly waits: readonly WaitRef[];
  /** True where the wait that closed the circle was rejected, so that the others go on. */
  readonly rejected: boolean;
}

/** A lock held, or waited for, longer than the limit that was set. */
export interface LimitViolation extends ViolationBase {
  readonly rule: LimitRule;
  readonly lock: ClassRef;
  /** Milliseconds that it took, as far as was seen. */
  readonly ms: number;
  /** Milliseconds that it may take. */
  readonly limitMs: number;
  /** `long-hold`: where it was taken. `long-wait`: where it was asked for. */
  readonly site: Site | null;
  /** `long-hold`: how many waited for it; else 0. */
  readonly waiters: number;
  /** `long-wait`: who held it meanwhile; else empty. */
  readonly holders: WaitRef['holders'];
}

/** A claim of the code about locks, its owner or its context that did not hold. */
export interface AssertViolation extends ViolationBase {
  readonly rule: AssertRule;
  /** The lock that the claim is about, `null` where it is about none. */
  readonly lock: ClassRef | null;
  readonly asserted: Site | null;
  readonly holder: { readonly owner: string; readonly site: Site | null } | null;
}

export type Violation =
  | OrderCycleViolation
  | RecursionViolation
  | PoolNestingViolation
  | IrqInconsistentViolation
  | IrqPathViolation
  | WaitViolation
  | OrderRuleViolation
  | ReleaseViolation
  | HeldAtExitViolation
  | SplitKeyViolation
  | LeaseExpiredViolation
  | MisuseViolation
  | StalledViolation
  | DeadlockViolation
  | LimitViolation
  | OwnerDiedViolation
  | PriorityInversionViolation
  | StarvationViolation
  | AssertViolation;
