/**
 * Waits that may never end: each is for a lock that a flow has which itself waits, round in a circle. Whether that flow has
 * a child that goes on and releases is not asked here.
 */
import { components } from '../graph/components.ts';
import { Digraph } from '../graph/digraph.ts';
import type { LockInstance } from '../state/classes.ts';
import { heldIn } from './context.ts';
import { StuckWaits } from './deadlock.ts';
import type { Ticket } from './ticket.ts';

/** Those of the waits that lie on a circle of at least two. */
export function waitsInCircles(waiting: readonly Ticket[]): readonly Ticket[] {
  const graph = new Digraph();
  const holders = new Map<LockInstance, number[]>();
  for (const ticket of waiting) {
    const node = graph.addNode();
    for (const { lock } of heldIn(ticket.base, ticket.tickets.live)) {
      holders.set(lock, [...(holders.get(lock) ?? []), node]);
    }
  }
  for (const [node, ticket] of waiting.entries()) {
    for (const holder of holders.get(ticket.lock) ?? []) {
      graph.addEdge(node, holder);
    }
  }
  return components(graph)
    .filter((members) => members.length > 1)
    .flatMap((members) => members.map((node) => waiting[node] as Ticket));
}

/** A wait that lasts longer may never end: in this time a connection, say, that an event gives back has been given back. */
export const LONG_MS = 2_000;

/**
 * Those of the waits for a connection that have lasted long, where all connections are with owners who wait for one more: unless
 * an event gives one back, they wait for ever.
 */
export function stuckForConnections(waiting: readonly Ticket[], now: number): readonly Ticket[] {
  const old = waiting.filter(({ since, class: { kind }, judged }) => {
    return kind.name === 'pool' && !judged && now - since >= LONG_MS;
  });
  const stuck = old.length === 0 ? undefined : new StuckWaits(old, true);
  return old.filter((ticket) => (stuck?.circleFrom(ticket).length ?? 0) > 0);
}
