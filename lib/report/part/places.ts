/**
 * The places of a violation, each with what it stands for, the most important first: for the short forms.
 */
import type { CycleEdge, Violation } from '../../model/violation.ts';
import type { Place } from '../report.ts';
import { heldAs, type NameOf, wantedAs } from './names.ts';

/** The step that closed the cycle comes first, the others follow as the cycle runs. */
export function inReadingOrder(edges: readonly CycleEdge[]): readonly CycleEdge[] {
  const start = edges.findIndex((edge) => edge.attempted);
  return start <= 0 ? edges : [...edges.slice(start), ...edges.slice(0, start)];
}

/** Every place of the violation with its label. */
export function placesOf(violation: Violation, nameOf: NameOf): readonly Place[] {
  switch (violation.rule) {
    case 'order-cycle':
      return inReadingOrder(violation.edges).flatMap(({ from, to, witness }) => [
        { label: `${nameOf(to)} asked${wantedAs(witness.kind)}`, site: witness.asked },
        { label: `${nameOf(from)} taken${heldAs(witness.kind)}`, site: witness.taken },
      ]);
    case 'recursion':
    case 'pool-nesting': {
      const name = nameOf(violation.lock);
      return [
        { label: `${name} asked`, site: violation.asked },
        { label: `${name} taken`, site: violation.taken },
      ];
    }
    case 'bad-release':
    case 'wrong-owner-release':
      return [
        { label: 'released', site: violation.released },
        ...holderPlace(violation.holder),
        ...(violation.lastReleased ? [{ label: 'released before', site: violation.lastReleased }] : []),
      ];
    case 'held-at-exit':
      return [{ label: `${nameOf(violation.lock)} taken`, site: violation.taken }];
    case 'stalled':
      return violation.waits.flatMap((wait) => [
        { label: `${nameOf(wait.lock)} asked`, site: wait.asked },
        ...wait.holders.flatMap(holderPlace),
      ]);
    case 'assert-held':
    case 'assert-not-held':
      return [{ label: 'asserted', site: violation.asserted }, ...holderPlace(violation.holder)];
  }
}

function holderPlace(holder: { readonly owner: string; readonly site: Place['site'] } | null): Place[] {
  return holder === null ? [] : [{ label: `taken by ${holder.owner}`, site: holder.site }];
}
