/**
 * Who looks on: the witness that belongs to a checker, or nobody.
 */
import type { Lockdep } from '../lockdep.ts';
import { isOff } from '../off-switch.ts';
import { defaultLockdep } from '../owner/default.ts';
import { FlowWitness } from './flow-witness.ts';
import type { Witness } from './witness.ts';

const witnesses = new WeakMap<Lockdep, FlowWitness>();

/** The witness of a checker, by default the one of the process; `null` where nothing is checked. */
export function witnessFor(lockdep: Lockdep | undefined): Witness | null {
  if (lockdep === undefined && isOff()) {
    return null;
  }
  const checker = lockdep ?? defaultLockdep();
  if (checker.isOff) {
    return null;
  }
  const known = witnesses.get(checker) ?? new FlowWitness(checker);
  witnesses.set(checker, known);
  return known;
}
