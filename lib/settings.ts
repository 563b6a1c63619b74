/**
 * What a checker does with what it finds, and which limits it keeps. May be changed while it runs.
 */
import type { RuleId, Severity, Violation } from './model/violation.ts';
import { checkOptions, type LockdepOptions } from './options.ts';
import { type Policy, policyOf } from './policy.ts';
import type { Timing } from './state/profile.ts';

/** Rules that only those want who ask for them. */
const OFF_BY_DEFAULT: readonly RuleId[] = ['release-order', 'callback-under-lock', 'blocking-while-held'];

/** What can be changed while a checker runs. What is left out stays as it is. */
export type Configuration = Pick<
  LockdepOptions,
  'onViolation' | 'onDeadlock' | 'rules' | 'longHoldMs' | 'longWaitMs' | 'budgets' | 'stats'
>;

export class Settings implements Timing {
  onDeadlock: 'report' | 'reject' = 'report';
  /** Milliseconds; Infinity for no limit. */
  longHoldMs: number = Number.POSITIVE_INFINITY;
  longWaitMs: number = Number.POSITIVE_INFINITY;
  /** Called once, when holds begin to be timed. */
  onTimed: () => void = () => {};
  #timesHolds = false;
  readonly #budgets = new Map<string, number>();
  /** Called after a change. */
  onChange: () => void = () => {};
  /** Hear of each finding before the policy does: locks that have a policy of their own. */
  readonly listeners: Set<Policy> = new Set();
  #policy: Policy = policyOf('collect');
  #throws = false;
  readonly #severities = new Map<RuleId, Severity | 'off'>(OFF_BY_DEFAULT.map((rule) => [rule, 'off']));

  /** @throws TypeError that names the first option that is wrong; then nothing is changed */
  change(options: Configuration): void {
    checkOptions(options);
    const { onViolation, onDeadlock, rules = {}, longHoldMs, longWaitMs, budgets = {}, stats } = options;
    if (onViolation !== undefined) {
      this.#policy = policyOf(onViolation);
      this.#throws = onViolation === 'throw';
    }
    this.onDeadlock = onDeadlock ?? this.onDeadlock;
    this.longHoldMs = longHoldMs ?? this.longHoldMs;
    this.longWaitMs = longWaitMs ?? this.longWaitMs;
    for (const [rule, severity] of Object.entries(rules)) {
      this.#severities.set(rule as RuleId, severity);
    }
    for (const [name, { maxHoldMs }] of Object.entries(budgets)) {
      this.#budgets.set(name, maxHoldMs);
    }
    if (stats === true || this.#budgets.size > 0 || this.longHoldMs !== Number.POSITIVE_INFINITY) {
      this.timeHolds();
    }
    this.onChange();
  }

  /** Whether anything needs to know how long locks are held. Once it does it stays so: some are held by then. */
  get timesHolds(): boolean {
    return this.#timesHolds;
  }

  timeHolds(): void {
    if (!this.#timesHolds) {
      this.#timesHolds = true;
      this.onTimed();
    }
  }

  /** Milliseconds that locks of a class may be held, by its name. */
  get budgets(): ReadonlyMap<string, number> {
    return this.#budgets;
  }

  /** True where the policy throws at once, and not when the event is over. */
  get throws(): boolean {
    return this.#throws;
  }

  /** False for a rule that is switched off. */
  isOn(rule: RuleId): boolean {
    return this.#severities.get(rule) !== 'off';
  }

  /** The finding as it is to be reported, if at all. */
  weigh(violation: Violation): readonly Violation[] {
    const severity = this.#severities.get(violation.rule);
    if (severity === 'off') {
      return [];
    }
    return [severity === undefined ? violation : { ...violation, severity }];
  }

  /** Does what the policy says. @throws what it throws */
  handle(violation: Violation, isNew: boolean): void {
    try {
      for (const listener of this.listeners) {
        listener.handle(violation, isNew);
      }
    } finally {
      this.#policy.handle(violation, isNew);
    }
  }
}
