/**
 * Who in this thread took the units of a lock that several hold at a time.
 */
import type { Owner } from '../../../owner.ts';
import type { AsyncRequest } from './async-request.ts';

export interface LedgerEntry {
  /** `null` where nothing is checked, and for a flow. */
  readonly owner: Owner | null;
  /** The async flow that took them. */
  readonly flow: AsyncRequest | null;
  /** Units that are left of it. */
  left: number;
}

export class UnitsLedger {
  readonly #entries: LedgerEntry[] = [];
  /** Units that this thread took and nobody is said to hold. */
  loose = 0;

  /** Units that are held, as far as this thread knows. */
  get total(): number {
    return this.#entries.reduce((sum, { left }) => sum + left, 0);
  }

  add(entry: LedgerEntry): void {
    this.#entries.push(entry);
  }

  /** What the owner took last, of so many units where that is said. Not what flows took. */
  find(owner: Owner | null, units?: number): LedgerEntry | undefined {
    return this.#entries.findLast(
      (entry) => entry.owner === owner && entry.flow === null && (units === undefined || entry.left === units),
    );
  }

  flowEntry(flow: AsyncRequest): LedgerEntry | undefined {
    return this.#entries.find((entry) => entry.flow === flow);
  }

  /** They are given back. */
  remove(entry: LedgerEntry): void {
    const at = this.#entries.indexOf(entry);
    if (at >= 0) {
      this.#entries.splice(at, 1);
    }
  }

  /**
   * Units are given back: those that nobody is said to hold, those that the owner took last, then the oldest of others, and those of flows
   * at the end.
   * @returns entries of which nothing is left
   */
  take(units: number, owner: Owner | null): readonly LedgerEntry[] {
    const over: LedgerEntry[] = [];
    const loose = Math.min(units, this.loose);
    this.loose -= loose;
    for (let left = units - loose; left > 0 && this.#entries.length > 0; ) {
      const entry =
        this.find(owner) ?? this.#entries.find(({ flow }) => flow === null) ?? (this.#entries[0] as LedgerEntry);
      const given = Math.min(left, entry.left);
      entry.left -= given;
      left -= given;
      if (entry.left === 0) {
        this.remove(entry);
        over.push(entry);
      }
    }
    return over;
  }
}
