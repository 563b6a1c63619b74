/**
 * A latch: opens when it was counted down to 0, and stays open. Nobody holds it, so the checker knows nothing of it.
 */
import { checkCount, checkLockOptions, checkWait, type WaitOptions } from './wait-options.ts';
import { WaitQueue } from './wait-queue.ts';
import { Waiter } from './waiter.ts';

export class Latch {
  readonly name: string;
  readonly #queue = new WaitQueue<Waiter<void>>();
  #count: number;

  /**
   * @param count how often it is counted down until it opens: a whole number from 0
   * @throws TypeError for a wrong count or name
   */
  constructor(count: number, name = 'latch') {
    checkCount('count', count, { least: 0 });
    checkLockOptions(name, {});
    this.name = name;
    this.#count = count;
  }

  /** How often it has still to be counted down. */
  get count(): number {
    return this.#count;
  }

  /** How many wait for it. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Counts down by `n`, a whole number above 0, but not below 0.
   * @throws TypeError for a wrong number
   */
  countDown(n = 1): void {
    checkCount('n', n);
    this.#count = Math.max(0, this.#count - n);
    if (this.#count === 0) {
      for (const waiter of this.#queue.drain()) {
        waiter.succeed();
      }
    }
  }

  /** Waits until it is open. Rejects with a LockTimeoutError, or with the reason of the signal. */
  wait(options: WaitOptions = {}): Promise<void> {
    try {
      checkWait(options);
    } catch (error) {
      return Promise.reject(error);
    }
    if (this.#count === 0) {
      return Promise.resolve();
    }
    const waiter = new Waiter<void>();
    this.#queue.add(waiter);
    waiter.arm(options, this.name);
    return waiter.promise;
  }
}
