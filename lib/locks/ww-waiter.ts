/**
 * Somebody who waits for a wound/wait mutex, until it gets it, has to back off, or gives up.
 */
import type { RawSite } from '../state/site.ts';
import type { Queued } from './ww-algorithm.ts';
import type { Asker } from './ww-asker.ts';
import type { Member, Transaction, Wait, WwAnswer } from './ww-transaction.ts';

export class WwWaiter implements Queued<Transaction>, Wait {
  readonly asker: Asker;
  readonly transaction: Transaction | null;
  readonly member: Member;
  readonly site: RawSite;
  readonly answer: Promise<WwAnswer>;
  readonly #leave: () => void;
  readonly #onAbort: () => void;
  #resolve: (answer: WwAnswer) => void = () => {};
  #reject: (reason: unknown) => void = () => {};

  /** @param leave takes it out of the queue, and tells the checker that it does not get the mutex */
  constructor(asker: Asker, member: Member, leave: (waiter: WwWaiter) => void) {
    this.asker = asker;
    this.transaction = asker.transaction;
    this.member = member;
    this.site = asker.place();
    this.#leave = () => leave(this);
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#onAbort = () => this.#withdraw(() => this.#reject(asker.signal?.reason));
    asker.signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (this.transaction !== null) {
      this.transaction.wait = this;
    }
  }

  /** It has the mutex. */
  grant(): void {
    this.#stop();
    this.#resolve('acquired');
  }

  backOff(): void {
    if (this.transaction !== null) {
      this.transaction.contended = this;
    }
    this.#withdraw(() => this.#resolve('deadlock'));
  }

  // What the checker throws here is the waiter's own, and not that of whoever made it leave.
  #withdraw(settle: () => void): void {
    this.#stop();
    try {
      this.#leave();
      settle();
    } catch (error) {
      this.#reject(error);
    }
  }

  #stop(): void {
    this.asker.signal?.removeEventListener('abort', this.#onAbort);
    if (this.transaction !== null) {
      this.transaction.wait = null;
    }
  }
}
