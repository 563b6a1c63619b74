/**
 * What a checker knew before it joined others.
 */
import type { Dependency, Seen } from '../state/dependencies.ts';
import type { State } from '../state/state.ts';
import type { Fresh } from './telling.ts';

/** So much goes into one record. */
const PART = 64;

/** All that this checker saw. What the order has accepted comes before what it refused, so that the same is refused again. */
export function knownTo(state: State): Fresh {
  const edges = [...state.dependencies].flatMap(seenOf);
  const isProved = ({ dependency: { from, to }, witness }: Seen): boolean =>
    state.dependencies.isProved(from, to, witness.kind);
  return {
    edges: [...edges.filter(isProved), ...edges.filter((seen) => !isProved(seen))],
    pairs: [...state.pairs],
    marks: [...state.usages],
  };
}

function seenOf(dependency: Dependency): Seen[] {
  const { own } = dependency;
  return own.map((witness) => {
    const first = own.find(({ kind }) => kind === witness.kind);
    return { dependency, witness, isNew: first === witness };
  });
}

/** In pieces that fit into a log. Pairs come first: whoever knows a dependency is to know what it was under. */
export function inParts({ edges, pairs, marks }: Fresh): readonly Fresh[] {
  return [
    ...pieces(pairs).map((part) => ({ edges: [], pairs: part, marks: [] })),
    ...pieces(marks).map((part) => ({ edges: [], pairs: [], marks: part })),
    ...pieces(edges).map((part) => ({ edges: part, pairs: [], marks: [] })),
  ];
}

function pieces<One>(all: readonly One[]): One[][] {
  const count = Math.ceil(all.length / PART);
  return Array.from({ length: count }, (_, at) => all.slice(at * PART, (at + 1) * PART));
}
