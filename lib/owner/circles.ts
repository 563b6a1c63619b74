/**
 * Waits that may never end: each is for a lock that a flow has which itself waits, round in a circle. Whether that flow has
 * a child that goes on and releases is not asked here.
 */
import { components } from '../graph/components.ts';
import { Digraph } from '../graph/digraph.ts';
import type { LockInstance } from '../state/classes.ts';
import { heldIn } from './context.ts';
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
