/**
 * Strongly connected components of a `Digraph`: the largest sets of nodes in which each can reach every other.
 * For audits of a whole graph, such as one merged from several; it keeps nothing between calls.
 *
 * Tarjan, "Depth-First Search and Linear Graph Algorithms" (1972), with the paper's names NUMBER and LOWLINK. It differs
 * from the paper in that the recursion is a stack of its own: a chain of 200,000 nodes is no deeper than one of two.
 *
 * Refuses: nothing.
 *
 * Costs: O(nodes + edges) in time, O(nodes) in space.
 */
import type { Digraph } from './digraph.ts';

/**
 * All components, also those of a single node, each with its nodes in ascending order. A component stands after all
 * those that it leads to: read backward, the list is a topological order of the components.
 */
export function components(graph: Digraph): number[][] {
  const search = new Search(graph);
  for (let node = 0; node < graph.nodeCount; node++) search.from(node);
  return search.found;
}

const UNSEEN = -1;
/** A LOWLINK above every NUMBER: an edge into a finished component tells nothing. */
const FINISHED = Number.POSITIVE_INFINITY;

class Search {
  readonly found: number[][] = [];
  readonly #graph: Digraph;
  readonly #number: Int32Array;
  readonly #lowlink: Float64Array;
  /** How many successors of a node were walked: what a recursion would keep in its frame. */
  readonly #walked: Int32Array;
  /** Nodes numbered but not yet in a component. */
  readonly #open: number[] = [];
  /** The path of the search, in place of the call stack. */
  readonly #path: number[] = [];
  #numbered = 0;

  constructor(graph: Digraph) {
    this.#graph = graph;
    this.#number = new Int32Array(graph.nodeCount).fill(UNSEEN);
    this.#lowlink = new Float64Array(graph.nodeCount);
    this.#walked = new Int32Array(graph.nodeCount);
  }

  from(root: number): void {
    if (this.#number[root] !== UNSEEN) return;
    this.#enter(root);
    for (let node = this.#path.at(-1); node !== undefined; node = this.#path.at(-1)) {
      const next = this.#graph.successors(node)[this.#walked[node]!++];
      if (next === undefined) this.#leave(node);
      else if (this.#number[next] === UNSEEN) this.#enter(next);
      else this.#lower(node, this.#lowlink[next] === FINISHED ? FINISHED : this.#number[next]!);
    }
  }

  #enter(node: number): void {
    this.#lowlink[node] = this.#numbered;
    this.#number[node] = this.#numbered++;
    this.#open.push(node);
    this.#path.push(node);
  }

  #leave(node: number): void {
    this.#path.pop();
    const lowlink = this.#lowlink[node]!;
    if (lowlink === this.#number[node]) this.#close(node);
    const parent = this.#path.at(-1);
    if (parent !== undefined) this.#lower(parent, lowlink);
  }

  #close(root: number): void {
    const members = this.#open.splice(this.#open.lastIndexOf(root));
    for (const member of members) this.#lowlink[member] = FINISHED;
    this.found.push(members.sort((a, b) => a - b));
  }

  #lower(node: number, bound: number): void {
    if (bound < this.#lowlink[node]!) this.#lowlink[node] = bound;
  }
}
