/**
 * Somebody who waits, until it gets what it waits for or gives up. To stand in a queue is to wait: whoever takes it out
 * decides how the wait ends, and nobody can decide a second time.
 */
import { LockTimeoutError } from './errors.ts';
import type { WaitOptions } from './wait-options.ts';
import { Link } from './wait-queue.ts';
import type { Claim } from './witness.ts';

export class Waiter<Result> extends Link {
  readonly promise: Promise<Result>;
  readonly claim: Claim | null;
  #resolve: (result: Result) => void = () => {};
  #reject: (reason: unknown) => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  constructor(claim: Claim | null = null) {
    super();
    this.claim = claim;
    this.promise = new Promise<Result>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /**
   * Starts what can end the wait early. Called when it stands in the queue.
   * @param name of what it waits for
   */
  arm({ timeout = Number.POSITIVE_INFINITY, signal }: WaitOptions, name: string): void {
    if (this.queue === null) {
      return;
    }
    if (signal?.aborted) {
      this.withdraw(signal.reason);
      return;
    }
    if (timeout !== Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.giveUp(new LockTimeoutError(name, timeout)), timeout);
    }
    if (signal !== undefined) {
      this.#listen(signal);
    }
  }

  #listen(signal: AbortSignal): void {
    this.#signal = signal;
    this.#onAbort = () => this.withdraw(signal.reason);
    try {
      signal.addEventListener('abort', this.#onAbort, { once: true });
    } catch (error) {
      this.#onAbort = undefined;
      this.withdraw(error);
    }
  }

  /** Stops what can end the wait early. */
  disarm(): void {
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) {
      this.#signal?.removeEventListener('abort', this.#onAbort);
      this.#onAbort = undefined;
    }
  }

  /** Ends the wait, if it is not over. */
  giveUp(reason: unknown): void {
    if (this.#leave()) {
      this.left(reason, 'gaveUp');
    }
  }

  /** Ends the wait, if it is not over, because the program wants it so. */
  withdraw(reason: unknown): void {
    if (this.#leave()) {
      this.left(reason, 'withdrawn');
    }
  }

  /** It got what it waited for. It is out of the queue. */
  succeed(result: Result): void {
    this.disarm();
    this.#resolve(result);
  }

  /** It gets an error instead. It is out of the queue. */
  fail(reason: unknown): void {
    this.disarm();
    this.#reject(reason);
  }

  /** It left the queue without what it waited for. */
  protected left(reason: unknown, how: 'gaveUp' | 'withdrawn'): void {
    this.claim?.[how]();
    this.fail(reason);
  }

  #leave(): boolean {
    if (this.queue === null) {
      return false;
    }
    this.queue.remove(this);
    this.disarm();
    return true;
  }
}
