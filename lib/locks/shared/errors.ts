/**
 * How locks over shared memory refuse.
 */

/** The thread that asks for a lock has it already, and would wait for itself for ever. */
export class RecursiveLockError extends Error {
  override readonly name = 'RecursiveLockError';
}

/** A lock was given back by a thread that does not hold it. It stays as it was. */
export class NotHolderError extends Error {
  override readonly name = 'NotHolderError';
}

/** The thread that held the lock has ended. What the lock protects may be half-written; `recover()` takes the lock over. */
export class OwnerDiedError extends Error {
  override readonly name = 'OwnerDiedError';
  /** Name of the thread that ended. */
  readonly thread: string;

  constructor(message: string, thread: string) {
    super(message);
    this.thread = thread;
  }
}

/** This thread must not block: it is the main thread of a browser. */
export class CannotBlockError extends Error {
  override readonly name = 'CannotBlockError';
}
