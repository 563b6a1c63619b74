/**
 * What was found: each distinct defect once, with a count, and apart from them what is known but kept quiet.
 */
import type { Violation } from './model/violation.ts';
import { refreshConfidence } from './rules/confidence.ts';
import type { State } from './state/state.ts';

/** A finding that the policy is to hear of. */
export interface News {
  readonly violation: Violation;
  /** False where the same defect was reported before. */
  readonly isNew: boolean;
}

export class Findings {
  readonly #state: State;
  readonly #byFingerprint = new Map<string, Violation>();
  readonly #reported: Violation[] = [];
  #guarded: Violation[] = [];

  constructor(state: State) {
    this.#state = state;
  }

  /** In the order in which they were reported. */
  get reported(): readonly Violation[] {
    refreshConfidence(this.#state, this.#reported);
    return this.#reported;
  }

  /** Cycles that cannot block as far as was seen, since two of their steps exclude each other. */
  get guarded(): readonly Violation[] {
    return this.#guarded;
  }

  /** Takes what a rule found. Nothing is to be heard of what is kept quiet, or was `isOld` and told before. */
  add(violation: Violation, isOld = false): News | undefined {
    const known = this.#byFingerprint.get(violation.fingerprint);
    if (known === undefined) {
      this.#byFingerprint.set(violation.fingerprint, violation);
      if (violation.confidence === 'guarded') {
        this.#guarded.push(violation);
        return undefined;
      }
      this.#reported.push(violation);
      return { violation, isNew: true };
    }
    if (isOld) {
      return undefined;
    }
    known.count++;
    if (known.confidence === 'weak' && violation.confidence === 'possible') {
      known.confidence = 'possible';
    }
    return this.#guarded.includes(known) ? undefined : { violation: known, isNew: false };
  }

  /**
   * Cycles whose gate was passed by since they were found. They count as reported from now on.
   * @param ofOthers those that other checkers found
   */
  promote(ofOthers: readonly Violation[]): readonly News[] {
    return [...this.#promoteOwn(), ...ofOthers.flatMap((violation) => this.add(violation, true) ?? [])];
  }

  #promoteOwn(): readonly News[] {
    if (this.#guarded.length === 0) {
      return [];
    }
    refreshConfidence(this.#state, this.#guarded);
    const open = this.#guarded.filter(({ confidence }) => confidence !== 'guarded');
    this.#guarded = this.#guarded.filter(({ confidence }) => confidence === 'guarded');
    this.#reported.push(...open);
    return open.map((violation) => ({ violation, isNew: true }));
  }
}
