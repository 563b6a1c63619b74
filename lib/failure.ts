/**
 * A checker that breaks the program is worse than none: what fails inside it is said once, and stays inside.
 */

/** What went wrong, whatever was thrown. */
export function describeFailure(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}

/** Prints a line, if there is somebody to print it. */
export function say(line: string, ...more: readonly unknown[]): void {
  try {
    console.error(line, ...more);
  } catch {
    // The program took the console away. What was to be said is in the snapshot too.
  }
}

/** Runs the pieces of one checker. After the first failure none of them runs any more. */
export class Guard {
  #failure: string | null = null;
  #isOff = false;

  /** True where nothing is to be checked at all. */
  get isOff(): boolean {
    return this.#isOff;
  }

  /** Runs nothing from here on. */
  switchOff(): void {
    this.#isOff = true;
  }

  /** Why the checker gave up, or `null`. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Switches the checker off because of an internal failure, and says so once. */
  fail(error: unknown): void {
    if (this.#failure === null) {
      this.#failure = describeFailure(error);
      say(`lockdep: internal failure, nothing is checked from here on: ${this.#failure}`);
    }
  }

  /** Runs a piece of the checker. If it fails the checker is off from then on. */
  run<Result>(work: () => Result): Result | undefined {
    if (this.#failure !== null || this.#isOff) {
      return undefined;
    }
    try {
      return work();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** A function from outside that fails like a piece of the checker, and still runs when that is off. */
  safe<Args extends readonly unknown[], Result>(
    work: (...args: Args) => Result,
    otherwise: Result,
  ): (...args: Args) => Result {
    return (...args) => {
      try {
        return work(...args);
      } catch (error) {
        this.fail(error);
        return otherwise;
      }
    };
  }
}
