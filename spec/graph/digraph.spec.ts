import { alg, Graph } from '@dagrejs/graphlib';
import { Digraph, type GraphlibGraph } from '../../lib/graph/digraph.ts';

function graphOf(nodes: number, edges: readonly (readonly [number, number])[]): Digraph {
  const graph = new Digraph();
  for (let i = 0; i < nodes; i++) graph.addNode();
  for (const [from, to] of edges) graph.addEdge(from, to);
  return graph;
}

describe('nodes', () => {
  it('are numbered from 0 on', () => {
    const graph = new Digraph();
    expect([graph.addNode(), graph.addNode(), graph.addNode()]).toEqual([0, 1, 2]);
    expect(graph.nodeCount).toBe(3);
  });

  it('that are unknown are refused', () => {
    const graph = graphOf(1, []);
    expect(() => graph.addEdge(0, 1)).toThrow(RangeError);
    expect(() => graph.addEdge(1, 0)).toThrow(RangeError);
    expect(() => graph.addEdge(-1, 0)).toThrow(RangeError);
    expect(() => graph.successors(1)).toThrow(RangeError);
    expect(() => graph.predecessors(1)).toThrow(RangeError);
    expect(graph.edgeCount).toBe(0);
    expect(graph.successors(0)).toEqual([]);
    expect(graph.edgeId(7, 9)).toBe(-1);
    expect(graph.removeEdge(7, 9)).toBe(false);
  });
});

describe('edges', () => {
  it('have dense ids, and are kept once', () => {
    const graph = graphOf(3, []);
    expect([graph.addEdge(2, 1), graph.addEdge(0, 2), graph.addEdge(2, 1), graph.addEdge(1, 2)]).toEqual([0, 1, 0, 2]);
    expect(graph.edgeCount).toBe(3);
    expect([graph.edgeId(0, 2), graph.edgeId(2, 0)]).toEqual([1, -1]);
    expect([graph.hasEdge(0, 2), graph.hasEdge(2, 0)]).toEqual([true, false]);
    expect([graph.source(1), graph.target(1)]).toEqual([0, 2]);
  });

  it('may lead from a node to itself', () => {
    const graph = graphOf(1, [[0, 0]]);
    expect(graph.successors(0)).toEqual([0]);
    expect(graph.predecessors(0)).toEqual([0]);
    expect(graph.removeEdge(0, 0)).toBe(true);
    expect([graph.successors(0), graph.predecessors(0)]).toEqual([[], []]);
  });

  it('show up at both ends, in the order in which they were added', () => {
    const graph = graphOf(4, [
      [0, 3],
      [0, 1],
      [2, 1],
      [0, 2],
    ]);
    expect(graph.successors(0)).toEqual([3, 1, 2]);
    expect(graph.predecessors(1)).toEqual([0, 2]);
    graph.removeEdge(0, 1);
    expect(graph.successors(0)).toEqual([3, 2]);
    expect(graph.predecessors(1)).toEqual([2]);
  });

  it('that were removed are gone, and their ids are not given out again', () => {
    const graph = graphOf(2, [[0, 1]]);
    expect(graph.removeEdge(0, 1)).toBe(true);
    expect(graph.removeEdge(0, 1)).toBe(false);
    expect(graph.hasEdge(0, 1)).toBe(false);
    expect(graph.edgeCount).toBe(0);
    expect(() => graph.source(0)).toThrow(RangeError);
    expect(() => graph.target(0)).toThrow(RangeError);
    expect(graph.addEdge(0, 1)).toBe(1);
    expect(graph.source(1)).toBe(0);
  });
});

describe('toGraphlib', () => {
  // Graphlib has no type for "whatever label"; its algorithms read none.
  const real = (graph: GraphlibGraph): Graph => graph as unknown as Graph;
  const keys = ['__proto__', 'constructor', 'same', 'same', 'toString'];
  const convert = (graph: Digraph): GraphlibGraph =>
    graph.toGraphlib(
      (id) => ({ key: keys[id] ?? '', label: { id } }),
      (edge) => ({ edge }),
    );

  it('gives a real graphlib graph with the keys in the labels', () => {
    const graph = convert(
      graphOf(5, [
        [1, 0],
        [0, 2],
        [2, 3],
      ]),
    );
    expect(graph).toBeInstanceOf(Graph);
    expect(graph.isDirected()).toBe(true);
    expect(graph.nodes()).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
    expect(graph.nodes().map((node) => graph.node(node)?.key)).toEqual(keys);
    expect(graph.node('c3')).toEqual({ key: 'same', label: { id: 3 } });
    expect(graph.edges().map(({ v, w }) => [v, w, graph.edge(v, w)])).toEqual([
      ['c1', 'c0', { edge: 0 }],
      ['c0', 'c2', { edge: 1 }],
      ['c2', 'c3', { edge: 2 }],
    ]);
    expect([graph.nodeCount(), graph.edgeCount()]).toEqual([5, 3]);
    expect([graph.sources(), graph.sinks()]).toEqual([
      ['c1', 'c4'],
      ['c3', 'c4'],
    ]);
    expect([graph.hasNode('same'), graph.hasEdge('c1', 'c0')]).toEqual([false, true]);
  });

  it('can be sorted by graphlib whatever the keys are', () => {
    const graph = convert(
      graphOf(5, [
        [1, 0],
        [0, 2],
        [2, 3],
        [3, 4],
      ]),
    );
    expect(alg.topsort(real(graph))).toEqual(['c1', 'c0', 'c2', 'c3', 'c4']);
    expect(alg.findCycles(real(graph))).toEqual([]);
  });

  it('shows its cycles to graphlib whatever the keys are', () => {
    const graph = convert(
      graphOf(5, [
        [0, 1],
        [1, 0],
        [2, 3],
        [4, 4],
      ]),
    );
    expect(alg.findCycles(real(graph)).map((cycle) => cycle.sort())).toEqual([['c0', 'c1'], ['c4']]);
    expect(() => alg.topsort(real(graph))).toThrow(alg.CycleException);
  });

  it('leaves out what was removed', () => {
    const graph = graphOf(2, [
      [0, 1],
      [1, 0],
    ]);
    graph.removeEdge(0, 1);
    const converted = graph.toGraphlib(
      () => ({ key: '', label: undefined }),
      () => undefined,
    );
    expect(converted.edges().map(({ v, w }) => [v, w])).toEqual([['c1', 'c0']]);
    expect(converted.edge('c1', 'c0')).toBeUndefined();
  });
});
