/**
 * A barrier: so many parties wait for each other, and go on together; then it is ready for the next time. Where one of them
 * gives up, the others who are there would wait in vain: they are told so, and the barrier begins anew. Nobody holds it, so
 * the checker knows nothing of it.
 */
import { BrokenBarrierError } from './errors.ts';
import { checkCount, checkLockOptions, checkWait, type WaitOptions } from './wait-options.ts';
import { WaitQueue } from './wait-queue.ts';
import { Waiter } from './waiter.ts';

export class Barrier {
  readonly name: string;
  /** How many go on together. */
  readonly parties: number;
  readonly #queue = new WaitQueue<Party>();

  /**
   * @param parties a whole number above 0
   * @throws TypeError for a wrong number or name
   */
  constructor(parties: number, name = 'barrier') {
    checkCount('parties', parties);
    checkLockOptions(name, {});
    this.parties = parties;
    this.name = name;
  }

  /** How many have arrived, and wait for the others. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Waits until all are there, and gives the number of those who came before: 0 for the first. Rejects with a
   * LockTimeoutError, or with the reason of the signal, and with a BrokenBarrierError where another one gave up.
   */
  wait(options: WaitOptions = {}): Promise<number> {
    try {
      checkWait(options);
    } catch (error) {
      return Promise.reject(error);
    }
    const index = this.#queue.size;
    if (index === this.parties - 1) {
      for (const [at, party] of this.#queue.drain().entries()) {
        party.succeed(at);
      }
      return Promise.resolve(index);
    }
    const party = new Party((reason) => this.#break(reason));
    this.#queue.add(party);
    party.arm(options, this.name);
    return party.promise;
  }

  #break(cause: unknown): void {
    for (const party of this.#queue.drain()) {
      party.fail(new BrokenBarrierError(this.name, cause));
    }
  }
}

/** One who has arrived. */
class Party extends Waiter<number> {
  readonly #onLeft: (reason: unknown) => void;

  constructor(onLeft: (reason: unknown) => void) {
    super();
    this.#onLeft = onLeft;
  }

  protected override left(reason: unknown): void {
    this.fail(reason);
    this.#onLeft(reason);
  }
}
