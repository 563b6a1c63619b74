import { Digraph } from '../../lib/graph/digraph.ts';
import { OnlineOrder } from '../../lib/graph/order.ts';

const CHAIN = 200_000;

function orderOf(nodes: number): { graph: Digraph; order: OnlineOrder } {
  const graph = new Digraph();
  const order = new OnlineOrder(graph);
  for (let i = 0; i < nodes; i++) order.addNode();
  return { graph, order };
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

describe('insert', () => {
  it('tells known, added and cycle apart', () => {
    const { graph, order } = orderOf(3);
    expect(order.insert(0, 1)).toBe('added');
    expect(order.insert(0, 1)).toBe('known');
    expect(order.insert(1, 2)).toBe('added');
    expect(order.insert(2, 0)).toBe('cycle');
    expect(graph.hasEdge(2, 0)).toBe(false);
    expect(order.insert(0, 2)).toBe('added');
  });

  it('refuses a self-edge', () => {
    const { graph, order } = orderOf(1);
    expect(order.insert(0, 0)).toBe('cycle');
    expect(graph.edgeCount).toBe(0);
    expect(order.searches).toBe(0);
  });

  it('refuses an unknown node and changes nothing', () => {
    const { graph, order } = orderOf(1);
    expect(() => order.insert(0, 1)).toThrow(RangeError);
    expect(() => order.insert(1, 0)).toThrow(RangeError);
    expect(() => order.insert(1, 1)).toThrow(RangeError);
    expect(() => order.precedes(0, 1)).toThrow(RangeError);
    expect(graph.edgeCount).toBe(0);
  });

  it('turns the order around where it must', () => {
    const { order } = orderOf(3);
    expect(order.precedes(0, 2)).toBe(true);
    expect(order.insert(2, 0)).toBe('added');
    expect([order.precedes(2, 0), order.precedes(0, 2), order.precedes(0, 0)]).toEqual([true, false, false]);
    expect(order.insert(0, 2)).toBe('cycle');
    expect(order.isConsistent()).toBe(true);
  });

  it('never searches for edges that go forward or are known', () => {
    const { order } = orderOf(50);
    for (let from = 0; from < 50; from++) {
      for (let to = from + 1; to < 50; to++) {
        expect(order.insert(from, to)).toBe('added');
        expect(order.insert(from, to)).toBe('known');
      }
    }
    expect(order.searches).toBe(0);
    expect(order.insert(49, 0)).toBe('cycle');
    expect(order.searches).toBe(1);
  });

  it('never searches for an edge that is known, whichever way it went when it was new', () => {
    const { order } = orderOf(10);
    for (let node = 9; node > 0; node--) order.insert(node, node - 1);
    const { searches } = order;
    expect(searches).toBeGreaterThan(0);
    for (let node = 9; node > 0; node--) expect(order.insert(node, node - 1)).toBe('known');
    expect(order.searches).toBe(searches);
  });
});

describe('closes', () => {
  it('foretells a refusal and changes nothing', () => {
    const { graph, order } = orderOf(3);
    order.insert(2, 1);
    const before = picture(graph, order);
    expect([order.closes(1, 2), order.closes(0, 0), order.closes(1, 0), order.closes(2, 1)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(picture(graph, order)).toBe(before);
  });
});

describe('remove', () => {
  it('makes the reverse edge legal', () => {
    const { order } = orderOf(2);
    order.insert(0, 1);
    expect(order.insert(1, 0)).toBe('cycle');
    expect(order.remove(0, 1)).toBe(true);
    expect(order.remove(0, 1)).toBe(false);
    expect(order.isConsistent()).toBe(true);
    expect(order.insert(1, 0)).toBe('added');
    expect(order.insert(0, 1)).toBe('cycle');
  });
});

describe('a graph that is not empty', () => {
  it('is put in order', () => {
    const graph = new Digraph();
    for (let i = 0; i < 4; i++) graph.addNode();
    graph.addEdge(3, 0);
    graph.addEdge(0, 2);
    const order = new OnlineOrder(graph);
    expect(order.isConsistent()).toBe(true);
    expect(order.insert(2, 3)).toBe('cycle');
    expect(order.addNode()).toBe(4);
    expect(order.insert(2, 4)).toBe('added');
  });

  it('is refused if it has a cycle', () => {
    const graph = new Digraph();
    graph.addNode();
    graph.addNode();
    graph.addEdge(0, 0);
    expect(() => new OnlineOrder(graph)).toThrow(RangeError);
    graph.removeEdge(0, 0);
    graph.addEdge(0, 1);
    graph.addEdge(1, 0);
    expect(() => new OnlineOrder(graph)).toThrow(RangeError);
  });
});

describe('isConsistent', () => {
  it('notices what was done behind its back', () => {
    const { graph, order } = orderOf(2);
    graph.addEdge(1, 0);
    expect(order.isConsistent()).toBe(false);
    graph.removeEdge(1, 0);
    expect(order.isConsistent()).toBe(true);
    graph.addNode();
    expect(order.isConsistent()).toBe(false);
  });
});

describe('large graphs', () => {
  it('a long chain overflows nothing', () => {
    const { graph, order } = orderOf(CHAIN);
    for (let i = 1; i < CHAIN; i++) order.insert(i - 1, i);
    expect(order.searches).toBe(0);
    expect(order.insert(CHAIN - 1, 0)).toBe('cycle');
    expect(graph.hasEdge(CHAIN - 1, 0)).toBe(false);
    // Moves the whole chain behind a node that stood at its end.
    const late = order.addNode();
    expect(order.insert(late, 0)).toBe('added');
    expect(order.insert(CHAIN - 1, late)).toBe('cycle');
    expect(order.isConsistent()).toBe(true);
    expect(new OnlineOrder(graph).isConsistent()).toBe(true);
  });

  it('2,000 nodes under dense random edges stay in order', () => {
    const nodes = 2_000;
    const { graph, order } = orderOf(nodes);
    const random = lcg(20_06);
    const verdicts = { known: 0, added: 0, cycle: 0 };
    for (let i = 0; i < 60_000; i++) verdicts[order.insert(random(nodes), random(nodes))]++;
    expect(graph.edgeCount).toBe(verdicts.added);
    expect(verdicts.added).toBeGreaterThan(nodes);
    expect(verdicts.cycle).toBeGreaterThan(nodes);
    expect(order.isConsistent()).toBe(true);
    expect(kahn(graph)).toBe(nodes);
  });

  /** Numerical Recipes' linear congruential generator: the same graph in every run. */
  function lcg(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  /** How many nodes a topological sort from scratch gets to: all of them if there is no cycle. */
  function kahn(graph: Digraph): number {
    const waiting = Array.from({ length: graph.nodeCount }, (_, node) => graph.predecessors(node).length);
    const free = [...waiting.keys()].filter((node) => waiting[node] === 0);
    for (const node of free) {
      for (const next of graph.successors(node)) if (--waiting[next]! === 0) free.push(next);
    }
    return free.length;
  }
});
