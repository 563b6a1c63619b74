/**
 * A directed graph over integers, and the one door to graphlib.
 *
 * Nodes are 0, 1, 2 …, in the order in which they were added, and are never removed. An edge is an ordered pair of
 * nodes and has an id of its own, 0, 1, 2 …, under which callers keep what they know about it. Self-edges and cycles
 * are legal here; to refuse them is the business of `order.ts`.
 *
 * Refuses: a second edge between the same two nodes (the id of the first is handed back); a node or an edge that it
 * does not know (RangeError). An edge that was removed is unknown from then on, and its id is never given out again.
 *
 * Costs, with d the degree of the nodes involved:
 *   addNode, addEdge, edgeId, hasEdge, source, target   O(1); edgeId and hasEdge allocate nothing
 *   successors, predecessors                            O(1), a live view
 *   removeEdge                                          O(d), and keeps the order of the other edges
 *   toGraphlib                                          O(nodes + edges), at 1 to 10 µs each
 *   space                                               O(nodes + edges present); a removed edge costs nothing
 */
import { Graph } from '@dagrejs/graphlib';

/** An edge of a graphlib graph. */
export interface GraphlibEdge {
  v: string;
  w: string;
  name?: string;
}

/** What `toGraphlib` puts on a node: the caller's key, which need not be unique, and whatever the caller wants with it. */
export interface GraphlibNode {
  key: string;
  label: unknown;
}

/**
 * The part of graphlib's `Graph` that readers use, spelled out here so that no type of graphlib shows in ours.
 * What `toGraphlib` returns is a real one: cast it to `Graph` to hand it to graphlib's algorithms or to dagre.
 */
export interface GraphlibGraph {
  isDirected(): boolean;
  isMultigraph(): boolean;
  isCompound(): boolean;
  nodeCount(): number;
  nodes(): string[];
  sources(): string[];
  sinks(): string[];
  hasNode(name: string): boolean;
  node(name: string): GraphlibNode | undefined;
  setNode(name: string, label?: GraphlibNode): this;
  removeNode(name: string): this;
  predecessors(name: string): string[] | undefined;
  successors(name: string): string[] | undefined;
  neighbors(name: string): string[] | undefined;
  edgeCount(): number;
  edges(): GraphlibEdge[];
  inEdges(v: string, w?: string): GraphlibEdge[] | undefined;
  outEdges(v: string, w?: string): GraphlibEdge[] | undefined;
  hasEdge(v: string, w: string): boolean;
  hasEdge(edge: GraphlibEdge): boolean;
  edge(v: string, w: string): unknown;
  edge(edge: GraphlibEdge): unknown;
  setEdge(v: string, w: string, label?: unknown): this;
  setEdge(edge: GraphlibEdge, label?: unknown): this;
  removeEdge(v: string, w: string): this;
}

interface Ends {
  readonly source: number;
  readonly target: number;
}

/** A directed graph over integers. */
export class Digraph {
  readonly #successors: number[][] = [];
  readonly #predecessors: number[][] = [];
  /**
   * Edge ids by source, then target. A single map keyed by a number made of both would be shorter, but such a number
   * outgrows the small integers, and V8 then allocates a box for it at every look-up.
   */
  readonly #edgeIds: (Map<number, number> | undefined)[] = [];
  /** A map and not arrays: an edge that comes and goes for days must not leave a hole each time. */
  readonly #ends = new Map<number, Ends>();
  #nextEdge = 0;

  /** Number of nodes. */
  get nodeCount(): number {
    return this.#successors.length;
  }

  /** Number of edges that are present. */
  get edgeCount(): number {
    return this.#ends.size;
  }

  /** Adds a node and returns its id: 0, 1, 2 … */
  addNode(): number {
    this.#edgeIds.push(undefined);
    this.#predecessors.push([]);
    return this.#successors.push([]) - 1;
  }

  /**
   * Adds an edge and returns its id, or the id it has already.
   * @throws RangeError for an unknown node.
   */
  addEdge(from: number, to: number): number {
    const known = this.edgeId(from, to);
    if (known >= 0) return known;
    const successors = this.#of(this.#successors, from);
    const predecessors = this.#of(this.#predecessors, to);
    const edge = this.#nextEdge++;
    const ids = this.#edgeIds[from] ?? new Map<number, number>();
    this.#edgeIds[from] = ids.set(to, edge);
    this.#ends.set(edge, { source: from, target: to });
    successors.push(to);
    predecessors.push(from);
    return edge;
  }

  /** Id of the edge, or -1 if there is none. */
  edgeId(from: number, to: number): number {
    return this.#edgeIds[from]?.get(to) ?? -1;
  }

  /** Whether the edge is present. */
  hasEdge(from: number, to: number): boolean {
    return this.edgeId(from, to) >= 0;
  }

  /**
   * The node that an edge leaves.
   * @throws RangeError for an edge that is not present.
   */
  source(edge: number): number {
    return this.#endsOf(edge).source;
  }

  /**
   * The node that an edge arrives at.
   * @throws RangeError for an edge that is not present.
   */
  target(edge: number): number {
    return this.#endsOf(edge).target;
  }

  /**
   * The nodes one step ahead, in the order in which the edges were added. A live view: copy it before changing edges.
   * @throws RangeError for an unknown node.
   */
  successors(node: number): readonly number[] {
    return this.#of(this.#successors, node);
  }

  /**
   * The nodes one step back, in the order in which the edges were added. A live view: copy it before changing edges.
   * @throws RangeError for an unknown node.
   */
  predecessors(node: number): readonly number[] {
    return this.#of(this.#predecessors, node);
  }

  /** Removes an edge. Returns whether it was there. */
  removeEdge(from: number, to: number): boolean {
    const edge = this.edgeId(from, to);
    if (edge < 0) return false;
    this.#edgeIds[from]?.delete(to);
    this.#ends.delete(edge);
    removeFirst(this.#of(this.#successors, from), to);
    removeFirst(this.#of(this.#predecessors, to), from);
    return true;
  }

  /**
   * A copy as a graphlib graph. Node `n` is named `c<n>`: graphlib keeps nodes as keys of plain objects, where names
   * such as `__proto__` or `constructor` get lost. The caller's `{ key, label }` is the node's label; what `edge`
   * returns is the edge's label. Mind that graphlib's algorithms recurse and overflow at a few thousand nodes.
   */
  toGraphlib(node: (id: number) => GraphlibNode, edge: (edgeId: number) => unknown): GraphlibGraph {
    const graph = new Graph<unknown, GraphlibNode, unknown>({ directed: true });
    for (let id = 0; id < this.nodeCount; id++) graph.setNode(`c${id}`, node(id));
    for (const [id, { source, target }] of this.#ends) graph.setEdge(`c${source}`, `c${target}`, edge(id));
    return graph;
  }

  #of(lists: readonly number[][], node: number): number[] {
    const list = lists[node];
    if (list === undefined) throw new RangeError(`unknown node ${node}`);
    return list;
  }

  #endsOf(edge: number): Ends {
    const ends = this.#ends.get(edge);
    if (ends === undefined) throw new RangeError(`unknown edge ${edge}`);
    return ends;
  }
}

function removeFirst(list: number[], value: number): void {
  list.splice(list.indexOf(value), 1);
}
