/**
 * What a checker does with what it finds, and which limits it keeps. May be changed while it runs.
 */
import type { RuleId, Severity, Violation } from './model/violation.ts';
import { checkOptions, type LockdepOptions } from './options.ts';
import { type Policy, policyOf } from './policy.ts';

/** Rules that only those want who ask for them. */
const OFF_BY_DEFAULT: readonly RuleId[] = ['release-order', 'callback-under-lock', 'blocking-while-held'];

/** What can be changed while a checker runs. What is left out stays as it is. */
export type Configuration = Pick<LockdepOptions, 'onViolation' | 'onDeadlock' | 'rules' | 'longHoldMs' | 'longWaitMs'>;

export class Settings {
  onDeadlock: 'report' | 'reject' = 'report';
  /** Milliseconds; Infinity for no limit. */
  longHoldMs: number = Number.POSITIVE_INFINITY;
  longWaitMs: number = Number.POSITIVE_INFINITY;
  /** Called after a change. */
  onChange: () => void = () => {};
  #policy: Policy = policyOf('collect');
  #throws = false;
  readonly #severities = new Map<RuleId, Severity | 'off'>(OFF_BY_DEFAULT.map((rule) => [rule, 'off']));

  /** @throws TypeError that names the first option that is wrong; then nothing is changed */
  change(options: Configuration): void {
    checkOptions(options);
    const { onViolation, onDeadlock, rules = {}, longHoldMs, longWaitMs } = options;
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
    this.onChange();
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
    this.#policy.handle(violation, isNew);
  }
}
