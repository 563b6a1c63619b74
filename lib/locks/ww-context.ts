/**
 * An acquire context: the attempt of one owner to get several mutexes of a class, in whatever order they turn up. Its age,
 * given when it begins and kept over all back-offs, decides who gives way.
 */
import type { Owner } from '../owner.ts';
import type { LockInstance } from '../state/classes.ts';
import { checkDone, checkEnd, checkUse, checkUser, placeOf } from './ww-protocol.ts';
import type { Transaction } from './ww-transaction.ts';

/** Made by `begin()` of a wound/wait class. Belongs to one owner. */
export class WwContext {
  readonly #transaction: Transaction;

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  /** What the mutexes know a context by; `undefined` for anything else. */
  static transactionOf(value: unknown): Transaction | undefined {
    return typeof value === 'object' && value !== null && #transaction in value ? value.#transaction : undefined;
  }

  get owner(): Owner {
    return this.#transaction.owner;
  }

  /** Its age: of two contexts of a class the one with the smaller stamp is the older. */
  get stamp(): number {
    return this.#transaction.stamp;
  }

  /** The pseudo-lock that the checker sees held from begin() to end(). */
  get guard(): LockInstance {
    return this.#transaction.guard;
  }

  /**
   * Says that nothing more will be asked for. Optional: it documents the code, and a lock() after it is reported. So is a
   * second done(), which changes nothing.
   * @throws LockdepError under the `throw` policy for a misuse
   */
  done(): void {
    const transaction = this.#transaction;
    const use = { transaction, place: placeOf(this.done) };
    checkUse(use);
    checkDone(use);
    transaction.done ??= use.place();
  }

  /**
   * Ends the context, when all its mutexes are unlocked. With mutexes held, or a wait open, it is reported, and happens when
   * the last of them is unlocked. A second end() is reported and changes nothing.
   * @throws LockdepError under the `throw` policy for a misuse; the context has then not ended
   */
  end(): void {
    const transaction = this.#transaction;
    const use = { transaction, place: placeOf(this.end) };
    checkUser(use);
    checkEnd(use);
    transaction.ended ??= use.place();
    transaction.close();
  }
}
