/**
 * An online order over nodes that can be entered in two ways, for edges of four kinds.
 *
 * Every node is split into two ports, N and R: it was *arrived at as N* or *arrived at as R*. An edge has one or more
 * kinds, each of two letters. The left letter says from where it leaves: E from both ports of the source, S from its N
 * port alone. The right letter says at which port of the target it arrives. So a path goes on over an S* edge only if
 * it did not come over a *R edge; such a path is called *strong*, and strong cycles of nodes are plain cycles of ports.
 * That makes them a matter for `order.ts`, and no search over nodes, which would close a node reached by a path that
 * leads nowhere to a later one that does.
 *
 * Refuses: an edge of a kind that would close a strong cycle. It leaves no trace, in the order as in the edges; the
 * other kinds of the same edge stay. Also an unknown node, and a kind that is not one single bit of `EdgeKind`
 * (RangeError).
 *
 * An edge from a node to itself closes a cycle when it is EN, ER or SN: it leaves from the very port at which it
 * arrives. SR leads from the N port to the R port and never closes one: whatever leaves the R port leaves the N port
 * too, so a way back from R to N would be a cycle without it.
 *
 * Costs:
 *   insert          a known kind: one look-up. Otherwise that of one or two insertions of `OnlineOrder`
 *   kinds, addNode  O(1)
 *   remove          that of up to four times `Digraph.removeEdge`
 *   cycleThrough    O(ports and port edges visited); O(1) if the order alone shows that there is no cycle
 *   reaches         the same
 *   edges           O(nodes + edges)
 */
import { Digraph } from './digraph.ts';
import { type Insertion, OnlineOrder } from './order.ts';
import { shortestPath } from './path.ts';

/** The kinds of an edge, one bit each. */
export const EdgeKind = { EN: 1, ER: 2, SN: 4, SR: 8 } as const;

const LEAVES_BOTH_PORTS = EdgeKind.EN | EdgeKind.ER;
const ARRIVES_AT_R = EdgeKind.ER | EdgeKind.SR;

/** One step of a strong path, in numbers of nodes, and the kind under which it is taken. */
export interface PortStep {
  readonly from: number;
  readonly to: number;
  /** One bit of `EdgeKind`. */
  readonly kind: number;
}

/** An edge between two nodes with the kinds that were accepted. */
export interface PortedEdge {
  readonly from: number;
  readonly to: number;
  /** Bits of `EdgeKind`, at least one. */
  readonly kinds: number;
}

/** An online topological order over the ports of its nodes. */
export class PortedOrder {
  readonly #ports = new Digraph();
  readonly #order = new OnlineOrder(this.#ports);
  /**
   * Accepted kinds by source, then target. They cannot be read off the ports: SN adds no port edge where EN is.
   * But no two pairs of nodes have a port edge in common, so that all kinds of one pair go without counting.
   */
  readonly #kinds: (Map<number, number> | undefined)[] = [];

  /** Number of nodes. */
  get nodeCount(): number {
    return this.#kinds.length;
  }

  /** How many insertions needed a search. For audits and tests. */
  get searches(): number {
    return this.#order.searches;
  }

  /** Adds a node, that is, two ports, and returns its id: 0, 1, 2 … */
  addNode(): number {
    this.#order.addNode();
    this.#order.addNode();
    return this.#kinds.push(undefined) - 1;
  }

  /**
   * Adds one kind of an edge unless it would close a strong cycle.
   * @throws RangeError for an unknown node or a kind that is not one bit.
   */
  insert(from: number, to: number, kind: number): Insertion {
    requireKind(kind);
    const known = this.kinds(from, to);
    if ((known & kind) !== 0) return 'known';
    const target = arrival(to, kind);
    const end = departureEnd(from, kind);
    for (let port = portN(from); port < end; port++) {
      if (this.#order.closes(port, target)) return 'cycle';
    }
    // Both fit if each does: a cycle through both would pass their common target twice, and half of it were one already.
    for (let port = portN(from); port < end; port++) this.#order.insert(port, target);
    const kinds = this.#kinds[from] ?? new Map<number, number>();
    this.#kinds[from] = kinds.set(to, known | kind);
    return 'added';
  }

  /** The kinds of an edge that were accepted, as bits of `EdgeKind`; 0 if there is none. */
  kinds(from: number, to: number): number {
    return this.#kinds[from]?.get(to) ?? 0;
  }

  /** Removes an edge with all its kinds. */
  remove(from: number, to: number): void {
    if (this.#kinds[from]?.delete(to) !== true) return;
    for (const source of [portN(from), portR(from)]) {
      for (const target of [portN(to), portR(to)]) this.#order.remove(source, target);
    }
  }

  /**
   * A shortest strong cycle that this kind of an edge would close: its steps in forward order, beginning with the
   * wanted one. Each further step has one accepted kind; where E and S would do, E is named. Undefined if the edge
   * would be accepted, or is there.
   * @throws RangeError for an unknown node or a kind that is not one bit.
   */
  cycleThrough(from: number, to: number, kind: number): PortStep[] | undefined {
    requireKind(kind);
    const target = arrival(to, kind);
    let shortest: number[] | undefined;
    for (let port = portN(from); port < departureEnd(from, kind); port++) {
      const path = this.#path(target, port) ?? (port === target ? [port] : undefined);
      if (path !== undefined && path.length < (shortest?.length ?? Number.POSITIVE_INFINITY)) shortest = path;
    }
    return shortest && [{ from, to, kind }, ...this.#steps(shortest)];
  }

  /** All edges with the kinds that were accepted, by source, then in the order in which they were added. */
  *edges(): Iterable<PortedEdge> {
    for (const [from, targets] of this.#kinds.entries()) {
      if (targets === undefined) continue;
      for (const [to, kinds] of targets) yield { from, to, kinds };
    }
  }

  /**
   * Whether a strong path of at least one step leads from one node to another, whichever way the first was arrived at
   * and whichever way it arrives.
   * @throws RangeError for an unknown node.
   */
  reaches(from: number, to: number): boolean {
    // Whatever leaves the R port leaves the N port too, so the N port alone need be tried.
    const start = portN(from);
    return this.#path(start, portN(to)) !== undefined || this.#path(start, portR(to)) !== undefined;
  }

  #path(from: number, to: number): number[] | undefined {
    return this.#order.precedes(from, to) ? shortestPath(this.#ports, from, to) : undefined;
  }

  #steps(ports: readonly number[]): PortStep[] {
    return ports.slice(1).map((port, index) => {
      const from = ports[index]! >> 1;
      const to = port >> 1;
      const atR = port === portR(to);
      const exclusive = atR ? EdgeKind.ER : EdgeKind.EN;
      const shared = atR ? EdgeKind.SR : EdgeKind.SN;
      // Where only E leads on, from the R port, only an E kind can have made the port edge, so it is there.
      return { from, to, kind: (this.kinds(from, to) & exclusive) === 0 ? shared : exclusive };
    });
  }
}

function portN(node: number): number {
  return 2 * node;
}

function portR(node: number): number {
  return 2 * node + 1;
}

function arrival(node: number, kind: number): number {
  return (kind & ARRIVES_AT_R) === 0 ? portN(node) : portR(node);
}

/** One past the last port that a kind leaves from; the first is always N. A range, since a list would be allocated. */
function departureEnd(node: number, kind: number): number {
  return portN(node) + ((kind & LEAVES_BOTH_PORTS) === 0 ? 1 : 2);
}

function requireKind(kind: number): void {
  const { EN, ER, SN, SR } = EdgeKind;
  if (kind !== EN && kind !== ER && kind !== SN && kind !== SR) throw new RangeError(`${kind} is not one kind of edge`);
}
