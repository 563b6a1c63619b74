/**
 * The orders that a program declares, over names of classes: the first is to be taken before the others. Orders add up, so
 * that `a, b` and `b, c` say that `a` is taken before `c`. Two that contradict each other are refused.
 */
import { Digraph } from '../graph/digraph.ts';
import { OnlineOrder } from '../graph/order.ts';
import { shortestPath } from '../graph/path.ts';

export class DeclaredOrders {
  readonly #graph = new Digraph();
  readonly #order = new OnlineOrder(this.#graph);
  readonly #nodes = new Map<string, number>();
  readonly #names: string[] = [];

  get isEmpty(): boolean {
    return this.#names.length === 0;
  }

  /**
   * The declared order that leads from a name back to itself if these are declared too, in forward order, or `undefined` if they
   * contradict nothing. Nothing is recorded.
   */
  contradiction(names: readonly string[]): readonly string[] | undefined {
    for (const [at, later] of names.entries()) {
      const earlier = names.slice(0, at).find((name) => name === later || this.path(later, name) !== undefined);
      if (earlier !== undefined) {
        return this.path(later, earlier) ?? [later, later];
      }
    }
    return undefined;
  }

  /** Declares an order that contradicts nothing. */
  add(names: readonly string[]): void {
    for (const [at, name] of names.entries()) {
      const node = this.#node(name);
      if (at > 0) {
        this.#order.insert(this.#node(names[at - 1] as string), node);
      }
    }
  }

  has(name: string): boolean {
    return this.#nodes.has(name);
  }

  /** The names from one to another in a declared order, both included; `undefined` where none leads there. */
  path(from: string, to: string): readonly string[] | undefined {
    const [source, target] = [this.#nodes.get(from), this.#nodes.get(to)];
    if (source === undefined || target === undefined || source === target) {
      return undefined;
    }
    return shortestPath(this.#graph, source, target)?.map((node) => this.#names[node] as string);
  }

  /** What is declared to come directly after a name. */
  after(name: string): readonly string[] {
    const node = this.#nodes.get(name);
    return node === undefined ? [] : [...this.#graph.successors(node)].map((next) => this.#names[next] as string);
  }

  #node(name: string): number {
    const known = this.#nodes.get(name);
    if (known !== undefined) {
      return known;
    }
    const added = this.#order.addNode();
    this.#nodes.set(name, added);
    this.#names[added] = name;
    return added;
  }
}
