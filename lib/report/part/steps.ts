/**
 * The steps of a cycle or a path: how each was seen, and who plays it when it locks up.
 */
import type { ClassRef } from '../../model/lock.ts';
import { isPool, shareOf, unitOf } from '../../model/unit.ts';
import type { Confidence, CycleEdge } from '../../model/violation.ts';
import { wrap } from './columns.ts';
import type { Piece } from './evidence.ts';
import { heldAs, type NameOf, wantedAs } from './names.ts';
import type { Actor } from './scenario.ts';
import { duration, times } from './words.ts';

/** The steps as evidence; `mark` is said of the one that is new. */
export function stepPieces(edges: readonly CycleEdge[], nameOf: NameOf, mark: string): readonly Piece[] {
  const now = edges.find((edge) => edge.attempted)?.witness.at ?? 0;
  return edges.map(({ from, to, witness, count, attempted }) => {
    const earlier = now - witness.at;
    const asked = { label: `${nameOf(to)} asked${wantedAs(witness.kind)}`, site: witness.asked };
    return {
      word: attempted ? 'attempted' : 'established',
      subject: `${nameOf(from)} → ${nameOf(to)}`,
      owner: witness.owner,
      process: witness.process,
      history: [times(count), ...(!attempted && earlier > 0 ? [`first ${duration(earlier)} earlier`] : [])],
      places: [
        { label: `${nameOf(from)} taken${heldAs(witness.kind)}`, site: witness.taken },
        attempted ? { ...asked, mark } : asked,
      ],
    };
  });
}

/** One actor for each step. */
export function stepActors(edges: readonly CycleEdge[], nameOf: NameOf): readonly Actor[] {
  return edges.map(({ from, to, witness }) => ({
    name: witness.owner,
    takes: `takes ${lastUnitOf(from)}${nameOf(from)}${heldAs(witness.kind)}`,
    waits: `waits for ${shareOf(to, nameOf(to))}`,
  }));
}

const ORDINALS = ['', 'another ', 'a third '];

/** One owner that was seen doing two things cannot do both at once: others like it can. */
export function castNames(owners: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return owners.map((owner) => {
    const same = seen.get(owner) ?? 0;
    seen.set(owner, same + 1);
    return (ORDINALS[same] ?? 'one more ') + owner;
  });
}

/** A lock that somebody in the play holds. */
export interface Holding {
  readonly lock: ClassRef;
  readonly owner: string;
}

/** What the play does not show: a counting resource blocks only when all its units are held, and nobody was seen to play it. */
export function conditions(holdings: readonly Holding[], confidence: Confidence, nameOf: NameOf): readonly string[] {
  const sentences = holdings
    .filter(({ lock }) => isCounting(lock))
    .map(({ lock, owner }) => {
      const others =
        lock.capacity === 2 ? 'the other is held by an owner that does' : 'the others are held by owners that do';
      return `${nameOf(lock)} has ${lock.capacity} ${unitOf(lock)}s: ${others} as ${owner} does.`;
    });
  if (confidence === 'weak') {
    sentences.push('Only one owner was seen to go all these ways. It takes several, at the same time.');
  }
  return sentences.flatMap((sentence) => wrap(sentence, { indent: '      ' }));
}

/** `the last unit of `, where there are several. */
export function lastUnitOf(lock: ClassRef): string {
  if (isPool(lock) && !isCounting(lock)) {
    return 'a connection of ';
  }
  return isCounting(lock) ? `the last ${unitOf(lock)} of ` : '';
}

function isCounting({ capacity }: ClassRef): boolean {
  return capacity > 1 && Number.isFinite(capacity);
}
