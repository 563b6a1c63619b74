/**
 * What other checkers found, each defect once: for whoever wants to know at once, and for snapshots, where who found it may be ended before
 * he has written.
 */
import type { Violation } from '../model/violation.ts';
import { refreshConfidence } from '../rules/confidence.ts';
import type { State } from '../state/state.ts';

export class Peers {
  readonly #state: State;
  readonly #byFingerprint = new Map<string, Violation>();

  constructor(state: State) {
    this.#state = state;
  }

  /** In the order in which they were told. Each is told once by each checker, so the count says little. */
  get violations(): readonly Violation[] {
    return [...this.#byFingerprint.values()].filter(({ confidence }) => confidence !== 'guarded');
  }

  take(violations: readonly Violation[]): void {
    for (const violation of violations) {
      const known = this.#byFingerprint.get(violation.fingerprint);
      if (known === undefined || known.confidence === 'guarded') {
        this.#byFingerprint.set(violation.fingerprint, violation);
      } else if (violation.confidence !== 'guarded') {
        known.count += violation.count;
      }
    }
  }

  /** Cycles that others keep quiet, and that can block as is known by now. Each is given once. */
  opened(): readonly Violation[] {
    const quiet = [...this.#byFingerprint.values()].filter(({ confidence }) => confidence === 'guarded');
    refreshConfidence(this.#state, quiet);
    return quiet.filter(({ confidence }) => confidence !== 'guarded').map((violation) => ({ ...violation, count: 1 }));
  }
}
