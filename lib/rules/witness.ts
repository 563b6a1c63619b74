/**
 * How a dependency was seen, as data.
 */
import type { Witness } from '../model/violation.ts';
import type { RawWitness } from '../state/dependencies.ts';
import { processOf } from '../state/peer-owner.ts';
import type { State } from '../state/state.ts';
import { resolve } from './finding.ts';

/** A witness as data. */
export function witnessData(state: State, raw: RawWitness): Witness {
  return {
    kind: raw.kind,
    owner: raw.owner.name,
    taken: resolve(state, raw.taken),
    asked: resolve(state, raw.asked),
    at: raw.at,
    process: processOf(state.process, raw.owner),
  };
}
