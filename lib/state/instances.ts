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

  /** How many different pairs of the class were nested, each in one order only. */
  pairs(lockClass: LockClass): number {
    return this.#byClass.get(lockClass)?.graph.edgeCount ?? 0;
  }

  /** Records `held → wanted`, unless the opposite was seen before. */
  record(held: LockInstance, wanted: LockInstance): void {
    const known = this.#known(held.class);
    known.order.insert(node(known, held), node(known, wanted));
  }

  #known(lockClass: LockClass): Known {
    const known = this.#byClass.get(lockClass);
    if (known !== undefined && known.nodes.size < this.limit) {
      return known;
    }
    if (known !== undefined) {
      this.#forgotten++;
    }
    const graph = new Digraph();
    const fresh: Known = { graph, order: new OnlineOrder(graph), nodes: new Map() };
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
