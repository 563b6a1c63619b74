import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Digraph } from '../../lib/graph/digraph.ts';
import { OnlineOrder } from '../../lib/graph/order.ts';
import { shortestPath } from '../../lib/graph/path.ts';

/** The slow, obvious thing: a list of edges, and a walk over all of it for every question. */
class NaiveGraph {
  edges: { from: number; to: number }[] = [];

  has(from: number, to: number): boolean {
    return this.edges.some((edge) => edge.from === from && edge.to === to);
  }

  remove(from: number, to: number): boolean {
    const had = this.has(from, to);
    this.edges = this.edges.filter((edge) => edge.from !== from || edge.to !== to);
    return had;
  }

  /** Fewest steps from one node to another, 0 to itself; undefined if no path leads there. */
  distance(from: number, to: number): number | undefined {
    let reached = new Set([from]);
    for (let steps = 0; ; steps++) {
      if (reached.has(to)) return steps;
      const wider = new Set(reached);
      for (const edge of this.edges) if (reached.has(edge.from)) wider.add(edge.to);
      if (wider.size === reached.size) return undefined;
      reached = wider;
    }
  }

  insert(from: number, to: number): string {
    if (this.has(from, to)) return 'known';
    if (this.distance(to, from) !== undefined) return 'cycle';
    this.edges.push({ from, to });
    return 'added';
  }
}

/** All that can be seen of an order and its graph, as one string. */
function picture(graph: Digraph, order: OnlineOrder): string {
  const rows = [];
  for (let a = 0; a < graph.nodeCount; a++) {
    let before = 0;
    for (let b = 0; b < graph.nodeCount; b++) if (order.precedes(b, a)) before++;
    rows.push(`${before}>${graph.successors(a).join()}<${graph.predecessors(a).join()}`);
  }
  return `${graph.edgeCount} ${rows.join(' ')}`;
}

function orderOf(nodes: number): { graph: Digraph; order: OnlineOrder } {
  const graph = new Digraph();
  const order = new OnlineOrder(graph);
  for (let i = 0; i < nodes; i++) order.addNode();
  return { graph, order };
}

describe('OnlineOrder beside a naive model', () => {
  const NODES = 12;
  const node = fc.nat(NODES - 1);
  const change = fc.record({
    from: node,
    to: node,
    remove: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });

  it('agrees on every edge of any sequence', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40, size: 'max' }), (changes) => {
        const { graph, order } = orderOf(NODES);
        const naive = new NaiveGraph();
        for (const { from, to, remove } of changes) {
          if (remove) {
            assert.equal(order.remove(from, to), naive.remove(from, to));
          } else {
            const before = picture(graph, order);
            const verdict = order.insert(from, to);
            assert.equal(verdict, naive.insert(from, to));
            if (verdict !== 'added') assert.equal(picture(graph, order), before);
            if (verdict === 'cycle') {
              refused++;
              checkCycle(graph, naive, from, to);
            }
          }
          assert.ok(order.isConsistent());
          assert.equal(graph.edgeCount, naive.edges.length);
          for (const edge of naive.edges) assert.ok(order.precedes(edge.from, edge.to));
        }
      }),
      { numRuns: 10_000 },
    );
    expect(refused).toBeGreaterThan(10_000);
  });

  /** The cycle that a refused edge would close is real, and none is shorter. */
  function checkCycle(graph: Digraph, naive: NaiveGraph, from: number, to: number): void {
    if (from === to) return;
    const path = shortestPath(graph, to, from);
    assert.ok(path !== undefined);
    assert.deepEqual([path[0], path.at(-1)], [to, from]);
    for (let i = 1; i < path.length; i++) assert.ok(naive.has(path[i - 1]!, path[i]!));
    assert.equal(path.length - 1, naive.distance(to, from));
  }
});
