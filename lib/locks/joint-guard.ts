/**
 * The guard of several locks that were taken together.
 */
import type { Guard, Holding } from './guard.ts';
import type { Claim } from './witness.ts';

export class JointGuard implements Guard {
  /** In the order in which they were taken. */
  readonly #held: readonly Holding[];
  #isReleased = false;

  constructor(held: readonly Holding[]) {
    this.#held = held;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** That of the lock taken last, whose owner holds all others. */
  get claim(): Claim | null {
    return this.#held.at(-1)?.claim ?? null;
  }

  // What is released a second time is released a second time of each lock: they report it.
  readonly release: () => void = () => {
    this.#isReleased = true;
    giveBack(this.#held, (one) => one.release());
  };

  /** Gives all back. @param evidence what the work under the locks returned */
  end(evidence?: unknown): void {
    this.#isReleased = true;
    const giveUp = (): void => giveBack(this.#held, (one) => one.end(evidence));
    // As the owner of all: it has seen each of them granted.
    if (this.claim === null) {
      giveUp();
    } else {
      this.claim.run(giveUp);
    }
  }

  /** It is handed to the program. */
  attach(): void {
    for (const { claim } of this.#held) {
      claim?.attach(this);
    }
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

/** Gives back all that is held, the last one first, and throws the first error when all are given back. */
export function giveBack(held: readonly Holding[], release: (one: Holding) => void): void {
  const errors: unknown[] = [];
  for (const one of held.toReversed()) {
    try {
      release(one);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) {
    throw errors[0];
  }
}
