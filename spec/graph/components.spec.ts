import assert from 'node:assert/strict';
import fc from 'fast-check';
import { components } from '../../lib/graph/components.ts';
import { Digraph } from '../../lib/graph/digraph.ts';
import { reachable } from '../../lib/graph/path.ts';

const CHAIN = 200_000;

function graphOf(nodes: number, edges: readonly (readonly [number, number])[]): Digraph {
  const graph = new Digraph();
  for (let i = 0; i < nodes; i++) graph.addNode();
  for (const [from, to] of edges) graph.addEdge(from, to);
  return graph;
}

describe('components', () => {
  it('of nothing are none', () => {
    expect(components(new Digraph())).toEqual([]);
  });

  it('without a cycle are single nodes, each after all that it leads to', () => {
    const graph = graphOf(3, [
      [2, 0],
      [0, 1],
    ]);
    expect(components(graph)).toEqual([[1], [0], [2]]);
  });

  it('hold the nodes of a cycle together, in ascending order', () => {
    const graph = graphOf(6, [
      [4, 2],
      [2, 0],
      [0, 4],
      [4, 5],
      [5, 3],
      [3, 5],
      [1, 1],
    ]);
    expect(components(graph)).toEqual([[3, 5], [0, 2, 4], [1]]);
  });

  it('agree with mutual reachability on any graph', () => {
    const nodes = 8;
    const node = fc.nat(nodes - 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 16, size: 'max' }), (edges) => {
        const graph = graphOf(nodes, edges);
        const reached = Array.from({ length: nodes }, (_, from) => new Set(reachable(graph, from, 'forward')));
        const together = (a: number, b: number): boolean => a === b || (reached[a]!.has(b) && reached[b]!.has(a));
        const found = components(graph);
        const place: number[] = [];
        for (const [index, members] of found.entries()) for (const member of members) place[member] = index;
        assert.equal(found.flat().length, nodes);
        for (let a = 0; a < nodes; a++) {
          for (let b = 0; b < nodes; b++) {
            assert.equal(place[a] === place[b], together(a, b));
            if (reached[a]!.has(b)) assert.ok(place[b]! <= place[a]!);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a long chain, open or closed, overflow nothing', () => {
    const chain = new Digraph();
    for (let i = 0; i < CHAIN; i++) chain.addNode();
    for (let i = 1; i < CHAIN; i++) chain.addEdge(i - 1, i);
    expect(components(chain)).toHaveLength(CHAIN);
    chain.addEdge(CHAIN - 1, 0);
    expect(components(chain).map((members) => members.length)).toEqual([CHAIN]);
  });
});
