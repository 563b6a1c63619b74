/**
 * How a wait ends that ends without the lock. An aborted one rejects with the reason of its signal.
 */
import type { DeadlockViolation } from '../model/violation.ts';

/** A wait took longer than its timeout. Nothing is held because of it. */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';
  /** Name of what was waited for. */
  readonly lock: string;
  /** Milliseconds that were allowed. */
  readonly timeout: number;

  constructor(lock: string, timeout: number) {
    super(`waited ${timeout} ms for '${lock}' in vain`);
    this.lock = lock;
    this.timeout = timeout;
  }
}

/** A wait closed a circle of owners that wait for each other, and the checker ended it. Nothing is held because of it. */
export class DeadlockError extends Error {
  override readonly name = 'DeadlockError';
  readonly violation: DeadlockViolation;

  constructor(violation: DeadlockViolation) {
    super(`${violation.rule}: ${violation.message}`);
    this.violation = violation;
  }
}

/** Somebody else gave up waiting at a barrier: those who came before cannot all be there any more. */
export class BrokenBarrierError extends Error {
  override readonly name = 'BrokenBarrierError';

  /** @param cause why the one who gave up did so */
  constructor(barrier: string, cause: unknown) {
    super(`barrier '${barrier}': one of those who waited gave up`, { cause });
  }
}
