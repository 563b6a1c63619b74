/**
 * What happens when a rule is broken. A policy is a value with one method; three are ready made, users write the fourth.
 */
import { say } from './failure.ts';
import type { Violation } from './model/violation.ts';
import { shown } from './shown.ts';

/** `throw`, `warn`, `collect`, or a function that is called for each violation. */
export type OnViolation = 'throw' | 'warn' | 'collect' | ((violation: Violation) => void);

/** Decides what follows from a violation. It has been recorded before. */
export interface Policy {
  /**
   * @param violation the finding, with its count
   * @param isNew false where the same defect was reported before
   */
  handle(violation: Violation, isNew: boolean): void;
}

/** The error of the `throw` policy. The lock that was asked for was not taken. */
export class LockdepError extends Error {
  override readonly name = 'LockdepError';
  readonly violation: Violation;

  constructor(violation: Violation) {
    super(`${violation.rule}: ${violation.message}${places(violation)}`);
    this.violation = violation;
  }
}

/** @throws TypeError if it is no policy */
export function policyOf(choice: OnViolation): Policy {
  if (typeof choice === 'function') {
    return { handle: (violation, isNew) => callOnce(choice, violation, isNew) };
  }
  const known = POLICIES.get(choice);
  if (known === undefined) {
    throw new TypeError(`onViolation: expected 'throw', 'warn', 'collect' or a function, got ${shown(choice)}`);
  }
  return known;
}

const POLICIES: ReadonlyMap<string, Policy> = new Map<string, Policy>([
  [
    'throw',
    {
      handle(violation) {
        if (violation.severity === 'error') {
          throw new LockdepError(violation);
        }
      },
    },
  ],
  [
    'warn',
    {
      handle(violation, isNew) {
        if (isNew) {
          console.warn(`lockdep: ${violation.rule}: ${violation.message}${places(violation)}`);
        }
      },
    },
  ],
  ['collect', { handle() {} }],
]);

function callOnce(callback: (violation: Violation) => void, violation: Violation, isNew: boolean): void {
  if (!isNew) {
    return;
  }
  try {
    callback(violation);
  } catch (error) {
    say('lockdep: the onViolation function threw; the violation is recorded all the same.', error);
  }
}

function places({ sites }: Violation): string {
  return sites.map(({ file, line, column }) => `\n    at ${file}:${line}:${column}`).join('');
}
