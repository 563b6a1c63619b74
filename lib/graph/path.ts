/**
 * Searches by breadth over a `Digraph`: the shortest path between two nodes, and all that can be reached from one.
 *
 * A path has at least one step here. So the path from a node to itself is a closed walk, and a node reaches itself only
 * by one. Iterative: the length of a path is bounded by memory, not by the stack.
 *
 * Refuses: a start that the graph does not know (RangeError).
 *
 * Costs: O(nodes and edges visited) in time and space, and nothing for the rest of the graph. Of several shortest paths
 * the one whose edges were added first is returned, so that the same graph gives the same answer.
 */
import type { Digraph } from './digraph.ts';

/** Which way to walk: along the edges or against them. */
export type Direction = 'forward' | 'backward';

/**
 * The nodes of a shortest path, both ends included, or undefined if there is no path.
 * For `from === to`, a shortest closed walk of at least one step.
 * @param allow Tells which edges may be used; all if absent. Asked at most once per edge.
 */
export function shortestPath(
  graph: Digraph,
  from: number,
  to: number,
  allow?: (edgeId: number) => boolean,
): number[] | undefined {
  const previous = new Map<number, number>([[from, -1]]);
  const queue = [from];
  // The queue grows while it is walked: that is the search.
  for (const node of queue) {
    for (const next of graph.successors(node)) {
      if (next !== to && previous.has(next)) continue;
      if (allow !== undefined && !allow(graph.edgeId(node, next))) continue;
      if (next === to) return [...walkBack(previous, node), to];
      previous.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}

/** All nodes at least one step away, nearest first; `from` itself is among them only if a closed walk leads back to it. */
export function reachable(graph: Digraph, from: number, direction: Direction): number[] {
  const seen = new Set<number>();
  expand(graph, from, direction, seen);
  // A set is walked in the order of insertion, and what is added on the way is walked too: that is the search.
  for (const node of seen) expand(graph, node, direction, seen);
  return [...seen];
}

function expand(graph: Digraph, node: number, direction: Direction, seen: Set<number>): void {
  const nexts = direction === 'forward' ? graph.successors(node) : graph.predecessors(node);
  for (const next of nexts) seen.add(next);
}

function walkBack(previous: ReadonlyMap<number, number>, last: number): number[] {
  const path = [];
  for (let node = last; node >= 0; node = previous.get(node) ?? -1) path.push(node);
  return path.reverse();
}
