/**
 * A topological order of a `Digraph` that is kept up to date edge by edge, and so says at once whether an edge would
 * close a cycle.
 *
 * Pearce and Kelly, "A Dynamic Topological Sort Algorithm for Directed Acyclic Graphs", ACM Journal of Experimental
 * Algorithmics 11 (2006). Names are the paper's: `ord` is a node's place in the order; an edge x → y with
 * ord(y) < ord(x) has the places from ord(y) to ord(x) as its affected region; δF are the nodes there that y reaches, δB
 * those that reach x; `reorder` puts δB before δF, using only the places that the two held before.
 *
 * It differs from the paper in that
 *   - δF and δB are found by breadth, not depth: the list of what was found is the queue too, so nothing recurses;
 *   - "visited" is the number of the search, not a flag: an abandoned search has nothing to clean up;
 *   - edges can be removed. That costs no search: an order of a graph is one of every part of it.
 *
 * Refuses: an edge that would close a cycle, a self-edge among them. The graph and the order stay exactly as they were.
 * Also an unknown node, and a graph to start with that has a cycle (RangeError). Edges and nodes must be changed through
 * this object alone; the order does not see what is done to the graph behind its back.
 *
 * Costs:
 *   insert   a known edge: one look-up. A new edge that goes forward: O(1). Neither searches nor allocates, but for what
 *            the graph needs to keep the edge. A new edge that goes backward: O(δ log δ) for the δ nodes and edges around
 *            δF and δB, never more than the affected region has
 *   closes   the same, less the look-up
 *   addNode, precedes   O(1)
 *   remove   that of `Digraph.removeEdge`
 *   space    O(nodes)
 */
import { components } from './components.ts';
import type { Digraph } from './digraph.ts';

/** What became of an edge: it was there before, it is there now, or it is refused since it would close a cycle. */
export type Insertion = 'known' | 'added' | 'cycle';

/** An online topological order over the nodes of a graph. */
export class OnlineOrder {
  readonly #graph: Digraph;
  readonly #ord: number[] = [];
  /** Which search saw a node last. */
  readonly #visited: number[] = [];
  readonly #deltaF: number[] = [];
  readonly #deltaB: number[] = [];
  readonly #places: number[] = [];
  readonly #byOrd = (a: number, b: number): number => this.#ord[a]! - this.#ord[b]!;
  #generation = 0;
  #searches = 0;

  /**
   * @param graph Most often empty; what it has already is put in order.
   * @throws RangeError if the graph has a cycle.
   */
  constructor(graph: Digraph) {
    this.#graph = graph;
    let place = graph.nodeCount;
    for (const [node = -1, ...others] of components(graph)) {
      if (others.length > 0 || graph.hasEdge(node, node)) throw new RangeError(`node ${node} lies on a cycle`);
      this.#ord[node] = --place;
      this.#visited[node] = 0;
    }
  }

  /** How many insertions or questions needed a search. For audits and tests. */
  get searches(): number {
    return this.#searches;
  }

  /** Adds a node at the end of the order and returns its id. */
  addNode(): number {
    this.#ord.push(this.#ord.length);
    this.#visited.push(0);
    return this.#graph.addNode();
  }

  /**
   * Adds an edge unless it would close a cycle.
   * @throws RangeError for an unknown node.
   */
  insert(from: number, to: number): Insertion {
    if (this.#graph.hasEdge(from, to)) return 'known';
    if (this.closes(from, to)) return 'cycle';
    const lower = this.#place(to);
    if (lower < this.#place(from)) {
      this.#findDeltaB(from, lower);
      this.#reorder();
    }
    this.#graph.addEdge(from, to);
    return 'added';
  }

  /**
   * Whether the edge would be refused. Changes nothing.
   * @throws RangeError for an unknown node.
   */
  closes(from: number, to: number): boolean {
    const upper = this.#place(from);
    const lower = this.#place(to);
    if (upper <= lower) return upper === lower;
    this.#searches++;
    return this.#findDeltaF(to, upper);
  }

  /** Removes an edge. Returns whether it was there. */
  remove(from: number, to: number): boolean {
    return this.#graph.removeEdge(from, to);
  }

  /**
   * Whether `a` stands before `b`. If it does not, no path leads from `a` to another node `b`.
   * @throws RangeError for an unknown node.
   */
  precedes(a: number, b: number): boolean {
    return this.#place(a) < this.#place(b);
  }

  /** Whether every edge goes forward and every place is taken once. For audits and tests: O(nodes + edges). */
  isConsistent(): boolean {
    const { nodeCount } = this.#graph;
    if (nodeCount !== this.#ord.length || new Set(this.#ord).size !== nodeCount) return false;
    return this.#ord.every((place, node) => {
      if (place < 0 || place >= nodeCount) return false;
      return this.#graph.successors(node).every((next) => place < this.#ord[next]!);
    });
  }

  /** Fills δF: what `start` reaches up to the place `upper`. Stops and returns true once it meets the node there. */
  #findDeltaF(start: number, upper: number): boolean {
    this.#begin(this.#deltaF, start);
    for (const node of this.#deltaF) {
      for (const next of this.#graph.successors(node)) {
        const place = this.#ord[next]!;
        if (place === upper) return true;
        if (place < upper) this.#visit(this.#deltaF, next);
      }
    }
    return false;
  }

  /** Fills δB: what reaches `start` from the place `lower` on. That place itself is never met, or there were a cycle. */
  #findDeltaB(start: number, lower: number): void {
    this.#begin(this.#deltaB, start);
    for (const node of this.#deltaB) {
      for (const next of this.#graph.predecessors(node)) {
        if (this.#ord[next]! > lower) this.#visit(this.#deltaB, next);
      }
    }
  }

  #begin(delta: number[], start: number): void {
    this.#generation++;
    delta.length = 0;
    this.#visit(delta, start);
  }

  #visit(delta: number[], node: number): void {
    if (this.#visited[node] === this.#generation) return;
    this.#visited[node] = this.#generation;
    delta.push(node);
  }

  /** Deals the places that δB and δF hold out again, first to δB and then to δF, each in its old order. */
  #reorder(): void {
    this.#deltaB.sort(this.#byOrd);
    this.#deltaF.sort(this.#byOrd);
    this.#places.length = 0;
    for (const node of this.#deltaB) this.#places.push(this.#ord[node]!);
    for (const node of this.#deltaF) this.#places.push(this.#ord[node]!);
    this.#places.sort((a, b) => a - b);
    let next = 0;
    for (const node of this.#deltaB) this.#ord[node] = this.#places[next++]!;
    for (const node of this.#deltaF) this.#ord[node] = this.#places[next++]!;
  }

  #place(node: number): number {
    const place = this.#ord[node];
    if (place === undefined) throw new RangeError(`unknown node ${node}`);
    return place;
  }
}
