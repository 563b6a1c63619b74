/**
 * The block of a lock-order cycle: both places of every step, how it locks up, and which step to change.
 */
import type { OrderCycleViolation } from '../../model/violation.ts';
import { evidence } from '../part/evidence.ts';
import { type NameOf, place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { inReadingOrder } from '../part/places.ts';
import { type Actor, scenario } from '../part/scenario.ts';
import { castNames, conditions, stepActors, stepPieces } from '../part/steps.ts';
import { times } from '../part/words.ts';

/** Everything below the headline and the sentence. */
export function orderCycleBlock(violation: OrderCycleViolation, page: Page): Block {
  const { nameOf, style } = page;
  const holdings = violation.edges.map(({ from, witness }) => ({ lock: from, owner: witness.owner }));
  return [
    evidence(stepPieces(inReadingOrder(violation.edges), nameOf, 'closes the cycle'), style),
    [...scenario(actorsOf(violation, nameOf), style), ...conditions(holdings, violation.confidence, nameOf)],
    [...heldLines(violation, page), ...tryLines(remedy(violation, nameOf), page)],
  ];
}

function actorsOf({ edges }: OrderCycleViolation, nameOf: NameOf): readonly Actor[] {
  const actors = stepActors(inReadingOrder(edges), nameOf);
  const names = castNames(actors.map(({ name }) => name));
  return actors.map((actor, at) => ({ ...actor, name: names[at] ?? actor.name }));
}

/** The rarest step is the one to change: most of the code already agrees with the others. */
function remedy({ edges }: OrderCycleViolation, nameOf: NameOf): string {
  const ordered = inReadingOrder(edges);
  const rare = ordered.reduce((least, edge) => (edge.count < least.count ? edge : least));
  const others = ordered.filter((edge) => edge !== rare);
  const often = Math.min(...others.map((edge) => edge.count));
  const first = nameOf(rare.from);
  const second = nameOf(rare.to);
  const taken = rare.witness.taken ? ` at ${place(rare.witness.taken)}` : '';
  const asked = rare.witness.asked ? ` at ${place(rare.witness.asked)}` : '';
  const release = `or release ${first} before asking for ${second}${asked}.`;
  if (edges.length > 2) {
    const why = rare.count < often ? `the rarest step, seen ${times(rare.count)}` : 'the step that closed the cycle';
    return `take ${second} before ${first}${taken} (${why}), ${release}`;
  }
  const why =
    rare.count < often
      ? `this order was seen ${times(rare.count)}, the other ${times(often)}`
      : `both orders were seen ${times(often)}`;
  return `take ${second} before ${first}${taken} (${why}), ${release}`;
}
