/**
 * What becomes of a broken contract of an `OwnedLock`: its errors are mistakes of the program, and once one is found it is not safe to
 * go on. By default the report is printed to standard error and the process aborts, whatever the policy of the checker is. A
 * browser cannot abort: there the error is thrown.
 * Two parts of the contract are broken where no lock is called, at the end of a poller and by a message that is waited for:
 * so the findings of the checker are listened to.
 */
import type { Lockdep } from '../../lockdep.ts';
import type { RuleId, Violation } from '../../model/violation.ts';
import { builtin } from '../../owner/runtime.ts';
import { LockdepError, type Policy } from '../../policy.ts';
import { textReport } from '../../report/text-report.ts';
import { shown } from '../../shown.ts';
import { NotHolderError, RecursiveLockError } from './errors.ts';

/**
 * `abort` prints the report and ends the process, `throw` throws. A function is called each time, with the finding, `null` where
 * nothing is checked, and the error, which is thrown then; at the end of a poller nothing is thrown.
 */
export type OnOwnedError = 'abort' | 'throw' | ((violation: Violation | null, error: Error) => void);

/** A lock was used against its contract. Nothing was done. */
export class OwnedLockError extends Error {
  override readonly name = 'OwnedLockError';
  /** The rule that was broken. */
  readonly rule: RuleId;
  /** What the checker says of it; `null` where nothing is checked, or the rule is off. */
  readonly violation: Violation | null;

  constructor(rule: RuleId, message: string, violation: Violation | null) {
    super(`${rule}: ${message}`);
    this.rule = rule;
    this.violation = violation;
  }
}

/** The rules that stand for a call of a lock against the contract. */
const CALL_RULES: readonly RuleId[] = [
  'uninitialised',
  'use-after-destroy',
  'no-owner',
  'recursion',
  'deadlock',
  'bad-release',
  'wrong-owner-release',
  'held-destroy',
  'held-reinit',
];

/** The findings of one checker, for its locks. */
export class OwnedErrors implements Policy {
  /** The last finding about a call of a lock. */
  heard: Violation | null = null;
  readonly #lockdep: Lockdep;
  /** By the key of the class. */
  readonly #choices = new Map<string, OnOwnedError>();

  constructor(lockdep: Lockdep) {
    this.#lockdep = lockdep;
    lockdep.settings.listeners.add(this);
  }

  /** What the locks of a class do. The first one decides. */
  choose(key: string, choice: OnOwnedError): void {
    if (!this.#choices.has(key)) {
      this.#choices.set(key, choice);
    }
  }

  handle(violation: Violation): void {
    if (CALL_RULES.includes(violation.rule)) {
      this.heard = violation;
      return;
    }
    const choice = violation.severity === 'error' ? this.#choiceFor(violation) : undefined;
    if (choice === undefined) {
      return;
    }
    const error = new OwnedLockError(violation.rule, violation.message, violation);
    if (typeof choice === 'function') {
      choice(violation, error);
    } else if (choice === 'abort') {
      abort(error, this.#lockdep);
      throw error;
    } else if (!isInNobodysCall(violation)) {
      throw error;
    }
  }

  #choiceFor(violation: Violation): OnOwnedError | undefined {
    if (violation.rule === 'held-at-exit') {
      return this.#choices.get(violation.lock.key);
    }
    if (violation.rule !== 'sleep-while-held') {
      return undefined;
    }
    const own = violation.held.find(({ lock }) => this.#choices.has(lock.key));
    return own && this.#choices.get(own.lock.key);
  }
}

// Found after the fact, where there is nobody to throw at.
function isInNobodysCall(violation: Violation): boolean {
  return violation.rule === 'sleep-while-held' && violation.act === 'gave-way';
}

const known = new WeakMap<Lockdep, OwnedErrors>();

export function ownedErrorsOf(lockdep: Lockdep): OwnedErrors {
  const errors = known.get(lockdep) ?? new OwnedErrors(lockdep);
  known.set(lockdep, errors);
  return errors;
}

/** True for an error that says that the contract was broken. Others, such as the death of a holder, are nobody's mistake here. */
export function isBreach(error: unknown): error is Error {
  return (
    error instanceof OwnedLockError ||
    error instanceof RecursiveLockError ||
    error instanceof NotHolderError ||
    (error instanceof LockdepError && CALL_RULES.includes(error.violation.rule))
  );
}

/** @throws TypeError if it is nothing to do about an error */
export function checkOnError(choice: unknown): asserts choice is OnOwnedError {
  if (choice !== 'abort' && choice !== 'throw' && typeof choice !== 'function') {
    throw new TypeError(`onError: expected 'abort', 'throw' or a function, got ${shown(choice)}`);
  }
}

const STANDARD_ERROR = 2;

interface AbortingProcess {
  readonly pid: number;
  abort(): never;
  kill(pid: number, signal: string): void;
}

/** Prints what is known, and ends the process. It returns in a browser only. */
export function abort(error: Error, lockdep: Lockdep | null): void {
  const { process } = globalThis as { readonly process?: Partial<AbortingProcess> };
  print(`${error.name}: ${error.message}\n${lockdep === null ? '' : `\n${textReport(lockdep.snapshot())}`}`);
  lockdep?.flushNews();
  if (process?.abort === undefined || process.kill === undefined || process.pid === undefined) {
    return;
  }
  if (builtin('node:worker_threads')?.isMainThread === false) {
    // A worker may not abort, and may send its process a signal.
    process.kill(process.pid, 'SIGABRT');
  } else {
    process.abort();
  }
}

// At once: what a stream still has in it is lost with the process.
function print(text: string): void {
  try {
    const fs = builtin('node:fs');
    if (fs?.writeFileSync !== undefined) {
      fs.writeFileSync(STANDARD_ERROR, `${text}\n`);
      return;
    }
  } catch {
    // It is closed, or takes no more now.
  }
  console.error(text);
}
