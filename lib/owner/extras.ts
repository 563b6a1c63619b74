/**
 * The rules that need more of the runtime than its promises. Each is on only where it was asked for: nothing is put in place of a
 * function of the runtime before.
 */
import type { Lockdep } from '../lockdep.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { RuleId } from '../model/violation.ts';
import { BLOCKING_RULES, CALLBACK_RULES } from '../rules/index.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import { blockingCalls } from './blocking-calls.ts';
import { callbackCalls } from './callback-calls.ts';
import type { CallListener, WatchedCalls } from './watched-calls.ts';

/** Who runs, and what he holds. */
export interface RunningFlow {
  readonly held: readonly HeldLock[];
  readonly owner: OwnerRef;
}

type CallRules = typeof BLOCKING_RULES | typeof CALLBACK_RULES;

interface Extra {
  readonly rule: RuleId;
  readonly calls: WatchedCalls;
  readonly listener: CallListener;
}

export class Extras {
  readonly #lockdep: Lockdep;
  readonly #extras: readonly Extra[];

  constructor(lockdep: Lockdep, flows: RunningFlow) {
    this.#lockdep = lockdep;
    const listener = (rules: CallRules): CallListener => new HeldCalls(lockdep, flows, rules);
    this.#extras = [
      { rule: 'blocking-while-held', calls: blockingCalls, listener: listener(BLOCKING_RULES) },
      { rule: 'callback-under-lock', calls: callbackCalls, listener: listener(CALLBACK_RULES) },
    ];
  }

  /** Watches what the settings ask for, and nothing else. */
  apply(): void {
    for (const { rule, calls, listener } of this.#extras) {
      if (this.#lockdep.settings.isOn(rule)) {
        calls.add(listener);
      } else {
        calls.delete(listener);
      }
    }
  }

  /** Watches nothing any more. */
  stop(): void {
    for (const { calls, listener } of this.#extras) {
      calls.delete(listener);
    }
  }
}

/** Judges the calls that are made while the running flow holds a lock of one checker. */
class HeldCalls implements CallListener {
  readonly #lockdep: Lockdep;
  readonly #flows: RunningFlow;
  readonly #rules: CallRules;

  constructor(lockdep: Lockdep, flows: RunningFlow, rules: CallRules) {
    this.#lockdep = lockdep;
    this.#flows = flows;
    this.#rules = rules;
  }

  get isHolding(): boolean {
    return this.#lockdep.guarded(() => this.#flows.held.length > 0) ?? false;
  }

  called(call: string, site: RawSite): void {
    this.#lockdep.guarded(() => {
      const { owner, held } = this.#flows;
      this.#lockdep.aside(() => this.#lockdep.judge(this.#rules, { owner, held, call, site }));
    });
  }
}
