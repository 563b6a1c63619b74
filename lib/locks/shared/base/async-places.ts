/**
 * Where async flows took what they hold. A step that is known keeps the place where it was taken first, and that may have been by the thread
 * itself, elsewhere; so the flows have places of their own, the first for each chain. Costs a capture for each chain.
 */
import type { ChainNode } from '../../../state/chains.ts';
import { captureSite, type RawSite } from '../../../state/site.ts';
import { FlowClaim } from '../../flow-claim.ts';
import type { Claim } from '../../witness.ts';
import type { ThreadWitness } from './thread-witness.ts';

interface Place {
  readonly site: RawSite;
  /** Its number in the space of the witness. */
  readonly id: number;
  readonly witness: ThreadWitness;
}

const places = new WeakMap<ChainNode, Place>();

/**
 * Number of the place where a claim that has just been granted was made; 0 where it is that of a named owner, who has one himself.
 * @param caller the public method that was called
 */
export function placeOf(claim: Claim, witness: ThreadWitness, caller: unknown): number {
  if (!(claim instanceof FlowClaim) || claim.chain.class !== claim.class) {
    return 0;
  }
  const known = places.get(claim.chain);
  if (known !== undefined && known.witness === witness) {
    claim.site ??= known.site;
    return known.id;
  }
  // Whoever had to wait has a place already; whoever did not still runs.
  claim.site ??= captureSite(caller);
  const id = witness.siteId(claim.site.resolve(witness.lockdep.state.resolver));
  places.set(claim.chain, { site: claim.site, id, witness });
  return id;
}
