/**
 * In which order the instances of one class were nested. Consistent orders (by account number, by address) stay quiet;
 * the first nesting against what was seen before closes a cycle of instances.
 * Bounded: a class with more than `limit` nested instances forgets its oldest knowledge, loudly.
 */
import { Digraph } from '../graph/digraph.ts';
import { OnlineOrder } from '../graph/order.ts';
import { shortestPath } from '../graph/path.ts';
import type { LockClass, LockInstance } from './classes.ts';

interface Known {
  readonly graph: Digraph;
  readonly order: OnlineOrder;
  readonly nodes: Map<LockInstance, number>;
  /** How many circles of three could have been closed, and were not. */
  tests: number;
  /** True once a nesting went against those before it. */
  isReversed: boolean;
}

export class InstanceOrders {
  readonly limit: number;
  readonly #byClass = new Map<LockClass, Known>();
  #forgotten = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many times a class was too large and its order was begun anew. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** True if the opposite of `held → wanted` was seen before, directly or by way of others. */
  isReversed(held: LockInstance, wanted: LockInstance): boolean {
    const known = this.#byClass.get(held.class);
    const from = known?.nodes.get(held);
    const to = known?.nodes.get(wanted);
    if (known === undefined || from === undefined || to === undefined || known.graph.hasEdge(from, to)) {
      return false;
    }
    return shortestPath(known.graph, to, from) !== undefined;
  }

  /** True once two locks of the class were nested both ways. */
  isEverReversed(lockClass: LockClass): boolean {
    return this.#byClass.get(lockClass)?.isReversed === true;
  }

  /**
   * How often a nesting could have gone against those before it, and did not; 0 once one has. That is what shows an order:
   * two instances tell nothing by being nested one way only, unless they were both nested with one and the same third, so
   * that the three could have gone round in a circle. Longer circles are left out: the longer, the less likely by chance.
   */
  pairs(lockClass: LockClass): number {
    const known = this.#byClass.get(lockClass);
    return known === undefined || known.isReversed ? 0 : known.tests;
  }

  /**
   * Records `held → wanted`, unless the opposite was seen before. What is new costs, besides its place in the order, a
   * look-up for each neighbour of the instance that has fewer of them.
   */
  record(held: LockInstance, wanted: LockInstance): void {
    const known = this.#roomFor(held, wanted);
    const [from, to] = [node(known, held), node(known, wanted)];
    const insertion = known.order.insert(from, to);
    if (insertion === 'added') {
      known.tests += commonNeighbours(known.graph, from, to);
    }
    known.isReversed ||= insertion === 'cycle';
  }

  #roomFor(...pair: readonly [held: LockInstance, wanted: LockInstance]): Known {
    const lockClass = pair[0].class;
    const known = this.#byClass.get(lockClass);
    const added = pair.filter((instance) => !known?.nodes.has(instance)).length;
    if (known !== undefined && (added === 0 || known.nodes.size + added <= this.limit)) {
      return known;
    }
    if (known !== undefined) {
      this.#forgotten++;
    }
    const graph = new Digraph();
    const { tests, isReversed } = known ?? { tests: 0, isReversed: false };
    const fresh: Known = { graph, order: new OnlineOrder(graph), nodes: new Map(), tests, isReversed };
    this.#byClass.set(lockClass, fresh);
    return fresh;
  }
}

function node(known: Known, instance: LockInstance): number {
  const found = known.nodes.get(instance);
  if (found !== undefined) {
    return found;
  }
  const added = known.order.addNode();
  known.nodes.set(instance, added);
  return added;
}

function commonNeighbours(graph: Digraph, one: number, other: number): number {
  const isBetween = (third: number, node: number): boolean => graph.hasEdge(third, node) || graph.hasEdge(node, third);
  const degree = (node: number): number => graph.successors(node).length + graph.predecessors(node).length;
  const [few, many] = degree(one) < degree(other) ? [one, other] : [other, one];
  return [...graph.successors(few), ...graph.predecessors(few)].filter((third) => isBetween(third, many)).length;
}
