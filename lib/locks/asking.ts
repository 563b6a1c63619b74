/**
 * How a lock asks its witness, before anybody waits.
 */
import type { LockInstance } from '../state/classes.ts';
import { type Candidate, refuse } from './candidate.ts';
import type { WaitOptions } from './wait-options.ts';
import type { Ask, Claim, Witness } from './witness.ts';

/** The lock that is asked for; `witness` and `instance` are `null` where nothing is checked. */
export interface Asked {
  readonly witness: Witness | null;
  readonly instance: LockInstance | null;
  /** Where whoever asks stands, if it has to wait. */
  readonly queue: Iterable<Pick<Candidate, 'claim' | 'giveUp'>>;
}

/** @throws LockdepError under the `throw` policy: nothing was asked for */
export function ask({ witness, instance, queue }: Asked, request: Ask, options: WaitOptions): Claim | null {
  if (witness === null || instance === null) {
    return null;
  }
  const { owner, timeout = Number.POSITIVE_INFINITY, signal } = options;
  const claim: Claim = witness.ask(instance, {
    ...request,
    owner,
    ends: signal !== undefined || timeout !== Number.POSITIVE_INFINITY,
    reject: (error) => refuse(queue, claim, error),
  });
  return claim;
}
