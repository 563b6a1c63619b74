/**
 * The proof that somebody holds a lock, and the way to give it back.
 */
import type { Claim } from './witness.ts';

/** What is held. Give it back by `release()`, or let `using` or `await using` do it. */
export interface Guard {
  /** False while the lock is held because of this guard. */
  readonly isReleased: boolean;
  /**
   * Gives the lock back, to whoever is next. A second time does nothing, and is reported as `bad-release`. Needs no `this`:
   * `const { release } = guard` works.
   * @throws LockdepError under the `throw` policy; the lock is given back all the same
   */
  readonly release: () => void;
  /** Gives the lock back, if it is still held. */
  [Symbol.dispose](): void;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a guard gives its units back to. */
export interface Source {
  give(units: number): void;
}

/** The guard of one lock. */
export class Holding implements Guard {
  readonly source: Source;
  readonly units: number;
  #claim: Claim | null;
  #isReleased = false;

  constructor(source: Source, units: number, claim: Claim | null) {
    this.source = source;
    this.units = units;
    this.#claim = claim;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** `null` where nothing is checked. */
  get claim(): Claim | null {
    return this.#claim;
  }

  // A closure, for two reasons: it needs no `this`, and who keeps it alone keeps the guard from being collected.
  readonly release: () => void = () => {
    if (this.#isReleased) {
      this.#claim?.misreleased(this.release);
    } else {
      this.end();
    }
  };

  /** Gives back what is held. @param evidence what the work under the lock returned */
  end(evidence?: unknown): void {
    this.#isReleased = true;
    try {
      this.#claim?.released(evidence);
    } finally {
      this.source.give(this.units);
    }
  }

  /** What is held passes to another guard. */
  pass(): void {
    this.#isReleased = true;
  }

  /** It holds again what was given back. */
  regain(claim: Claim | null): void {
    this.#isReleased = false;
    this.#claim = claim;
  }

  [Symbol.dispose](): void {
    if (!this.#isReleased) {
      this.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
  }
}
