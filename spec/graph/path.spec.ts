import { Digraph } from '../../lib/graph/digraph.ts';
import { reachable, shortestPath } from '../../lib/graph/path.ts';

const CHAIN = 200_000;

function graphOf(nodes: number, edges: readonly (readonly [number, number])[]): Digraph {
  const graph = new Digraph();
  for (let i = 0; i < nodes; i++) graph.addNode();
  for (const [from, to] of edges) graph.addEdge(from, to);
  return graph;
}

/** 0 → 1 → 2 → 3 with a short cut 0 → 4 → 3, a way back 3 → 0, and 5 apart. */
const detour = graphOf(6, [
  [0, 1],
  [1, 2],
  [2, 3],
  [0, 4],
  [4, 3],
  [3, 0],
]);

describe('shortestPath', () => {
  it('names both ends', () => {
    expect(shortestPath(detour, 0, 1)).toEqual([0, 1]);
    expect(shortestPath(detour, 0, 3)).toEqual([0, 4, 3]);
  });

  it('is undefined where no path leads', () => {
    expect(shortestPath(detour, 0, 5)).toBeUndefined();
    expect(shortestPath(detour, 5, 0)).toBeUndefined();
    expect(shortestPath(detour, 5, 5)).toBeUndefined();
    expect(shortestPath(detour, 0, 99)).toBeUndefined();
  });

  it('refuses an unknown start', () => {
    expect(() => shortestPath(detour, 99, 0)).toThrow(RangeError);
  });

  it('from a node to itself is a closed walk of at least one step', () => {
    expect(shortestPath(detour, 0, 0)).toEqual([0, 4, 3, 0]);
    expect(shortestPath(detour, 2, 2)).toEqual([2, 3, 0, 1, 2]);
    expect(shortestPath(graphOf(1, [[0, 0]]), 0, 0)).toEqual([0, 0]);
  });

  it('uses only the edges that are allowed, and asks once about each', () => {
    const shortCut = detour.edgeId(0, 4);
    const asked: number[] = [];
    const allow = (edge: number): boolean => {
      asked.push(edge);
      return edge !== shortCut;
    };
    expect(shortestPath(detour, 0, 3, allow)).toEqual([0, 1, 2, 3]);
    expect(asked).toEqual([...new Set(asked)]);
    expect(shortestPath(detour, 0, 1, () => false)).toBeUndefined();
  });

  it('may use another edge to a node when the first one is not allowed', () => {
    const diamond = graphOf(4, [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ]);
    const closed = diamond.edgeId(1, 3);
    expect(shortestPath(diamond, 0, 3)).toEqual([0, 1, 3]);
    expect(shortestPath(diamond, 0, 3, (edge) => edge !== closed)).toEqual([0, 2, 3]);
  });
});

describe('reachable', () => {
  it('lists the nearest first, and the start only if a walk leads back', () => {
    expect(reachable(detour, 0, 'forward')).toEqual([1, 4, 2, 3, 0]);
    expect(reachable(detour, 3, 'backward')).toEqual([2, 4, 1, 0, 3]);
    expect(reachable(detour, 5, 'forward')).toEqual([]);
    const line = graphOf(3, [
      [0, 1],
      [1, 2],
    ]);
    expect(reachable(line, 1, 'forward')).toEqual([2]);
    expect(reachable(line, 1, 'backward')).toEqual([0]);
  });

  it('refuses an unknown start', () => {
    expect(() => reachable(detour, 99, 'backward')).toThrow(RangeError);
  });
});

describe('a long chain', () => {
  const chain = new Digraph();
  for (let i = 0; i < CHAIN; i++) chain.addNode();
  for (let i = 1; i < CHAIN; i++) chain.addEdge(i - 1, i);

  it('overflows nothing', () => {
    expect(shortestPath(chain, 0, CHAIN - 1)).toHaveLength(CHAIN);
    expect(shortestPath(chain, CHAIN - 1, 0)).toBeUndefined();
    expect(reachable(chain, 0, 'forward')).toHaveLength(CHAIN - 1);
    expect(reachable(chain, CHAIN - 1, 'backward')).toHaveLength(CHAIN - 1);
  });
});
