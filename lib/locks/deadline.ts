/**
 * One timeout for several waits.
 */
import { LockTimeoutError } from './errors.ts';
import type { WaitOptions } from './wait-options.ts';

export class Deadline {
  readonly #options: WaitOptions;
  readonly #timeout: number;
  readonly #end: number;

  /** Its time runs from here on. */
  constructor(options: WaitOptions) {
    this.#options = options;
    this.#timeout = options.timeout ?? Number.POSITIVE_INFINITY;
    this.#end = performance.now() + this.#timeout;
  }

  /** The options of a wait that begins now. */
  get options(): WaitOptions {
    if (this.#timeout === Number.POSITIVE_INFINITY) {
      return this.#options;
    }
    return { ...this.#options, timeout: Math.ceil(Math.max(0, this.#end - performance.now())) };
  }

  /** What is said of a wait that failed: the time that was allowed in all, and not what was left of it. */
  errorOf(error: unknown): unknown {
    return error instanceof LockTimeoutError ? new LockTimeoutError(error.lock, this.#timeout) : error;
  }
}
