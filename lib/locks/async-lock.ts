/**
 * What the locks that a program makes have in common.
 */
import type { LockInstance } from '../state/classes.ts';
import type { Access, FairLock } from './fair-lock.ts';

/** A lock that a program waits for without blocking the thread. */
export abstract class AsyncLock {
  readonly #lock: FairLock;
  readonly #whole: Access;

  /** @param whole how it is taken together with others */
  constructor(lock: FairLock, whole: Access) {
    this.#lock = lock;
    this.#whole = whole;
  }

  /** What stands behind a lock, and how it is taken together with others; `undefined` for anything else. @internal */
  static partsOf(value: unknown): { readonly lock: FairLock; readonly whole: Access } | undefined {
    return typeof value === 'object' && value !== null && #lock in value
      ? { lock: value.#lock, whole: value.#whole }
      : undefined;
  }

  /** The name that it was given, else that of its class. */
  get name(): string {
    return this.#lock.name;
  }

  /** What the checker knows it by, for assertions such as `owner.assertHeld(lock.instance)`; `null` where nothing is checked. */
  get instance(): LockInstance | null {
    return this.#lock.instance;
  }

  /** How many requests wait. */
  get waiting(): number {
    return this.#lock.waiting;
  }

  /**
   * Claims that the running flow holds it. Passes where nothing is checked.
   * @throws LockdepError under the `throw` policy, if it does not
   */
  assertHeld(): void {
    this.#assert(undefined, this.assertHeld);
  }

  /**
   * Claims that the running flow does not hold it. Passes where nothing is checked.
   * @throws LockdepError under the `throw` policy, if it does
   */
  assertNotHeld(): void {
    const { witness, instance } = this.#lock;
    if (instance !== null) {
      witness?.assertNotHeld(instance, this.assertNotHeld);
    }
  }

  /** @internal */
  protected assertMode(mode: 'exclusive' | 'shared', caller: unknown): void {
    this.#assert(mode, caller);
  }

  #assert(mode: 'exclusive' | 'shared' | undefined, caller: unknown): void {
    const { witness, instance } = this.#lock;
    if (instance !== null) {
      witness?.assertHeld(instance, mode, caller);
    }
  }
}
