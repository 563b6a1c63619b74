/**
 * What a flow has left behind while it held a lock: continuations and callbacks that have not run yet. Whoever waits may
 * have left the release to one of them.
 */
import type { Link } from './links.ts';
import type { Context, Left, Ticket } from './ticket.ts';

const callbacks = new WeakMap<object, Left>();

/** A continuation is made. */
export function leaveContinuation(context: Context, link: Link): void {
  pendingOf(context)?.add(link);
}

/** It runs. */
export function runContinuation(link: Link): void {
  if (link.hasRun) {
    return;
  }
  link.hasRun = true;
  latestOf(link.base)?.pending?.delete(link);
}

/** A callback is made for later. */
export function leaveCallback(context: Context, resource: object): void {
  const left: Left = { hasRun: false };
  callbacks.set(resource, left);
  pendingOf(context)?.add(left);
}

/** It runs; a timer that repeats will do so again. */
export function runCallback(resource: object): void {
  const left = callbacks.get(resource);
  if (left !== undefined && typeof (resource as { _repeat?: unknown })._repeat !== 'number') {
    left.hasRun = true;
  }
}

/** What was left under a lock that is released was left under those that are still held, too. */
export function handDown(ticket: Ticket): void {
  const { pending, base } = ticket;
  ticket.pending = null;
  const outer = pending === null || pending.size === 0 ? null : latestOf(base);
  if (outer !== null && pending !== null) {
    outer.pending ??= new Set();
    for (const left of pending) {
      if (!left.hasRun) {
        outer.pending.add(left);
      }
    }
  }
}

function pendingOf(context: Context): Set<Left> | undefined {
  const ticket = latestOf(context);
  if (ticket === null) {
    return undefined;
  }
  ticket.pending ??= new Set();
  return ticket.pending;
}

function latestOf(context: Context | null): Ticket | null {
  for (let at = context; at !== null; at = at.up) {
    if (at.ticket !== null && at.ticket.state === 'held') {
      return at.ticket;
    }
  }
  return null;
}
