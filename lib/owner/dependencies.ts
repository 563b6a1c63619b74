/**
 * What the end of a wait depends on: who holds the lock, and what has to happen before he can give it back.
 */

import { has } from './context.ts';
import { isObject } from './given.ts';
import { linkOf, parentOf } from './links.ts';
import type { Left, Ticket, Tickets } from './ticket.ts';

/** What a promise waits for: a lock, other promises, or one promise. */
export interface Needs {
  readonly wait: Ticket | null;
  readonly inputs: readonly unknown[];
  /** Whether one of the inputs is enough. */
  readonly isAny: boolean;
  readonly next: object | null;
}

const NONE: readonly never[] = [];

export function needsOf(promise: object): Needs {
  const link = linkOf(promise);
  if (link === undefined) {
    return { wait: null, inputs: NONE, isAny: false, next: parentOf(promise) ?? null };
  }
  const { acquired, others, seen, inputs, isAny, settledBy, adopts, parent } = link;
  const requests = acquired === undefined ? [...others, ...seen] : [acquired, ...others, ...seen];
  const wait = requests.find(({ state, isBlocked }) => state === 'waiting' && isBlocked) ?? null;
  const work = requests.find((request) => request.work !== null)?.work;
  return { wait, inputs, isAny, next: work ?? settledBy?.awaited ?? adopts ?? parent ?? null };
}

/** What the holder waits for before he gives the lock back: a promise; a wait, where he says himself who he is. */
export function waitsBefore(holder: Ticket): readonly object[] {
  if (!holder.isExplicit) {
    const awaited = holder.work ?? holder.activation?.awaited ?? null;
    return awaited === null ? NONE : [awaited];
  }
  const { owner, tickets } = holder;
  return tickets.live.waiting.filter((ticket) => ticket.isExplicit && ticket.asker === owner && ticket.isBlocked);
}

/** What was left behind by those who hold the lock, and may release it: continuations and callbacks that have not run. */
export function leftUnder(holder: Ticket): readonly Left[] {
  const found: Left[] = [];
  for (const ticket of holder.tickets.live.held) {
    if (ticket.pending === null || (ticket !== holder && !has(ticket.base, holder))) {
      continue;
    }
    for (const left of ticket.pending) {
      if (left.hasRun) {
        ticket.pending.delete(left);
      } else {
        found.push(left);
      }
    }
  }
  return found;
}

/** False where the holder is known to wait for something else before he gives the lock back. */
export function mayWaitFor(holder: Ticket, wait: Ticket): boolean {
  const before = waitsBefore(holder);
  return before.length === 0 || waitsOf(before, new Set()).includes(wait);
}

/** All waits that the end of these may depend on, and themselves. */
export function dependenciesOf(starts: Iterable<Ticket>): Set<Ticket> {
  const found = new Set(starts);
  const met = new Set<object>();
  const locks = new Set<Tickets>();
  for (const { tickets } of found) {
    if (locks.has(tickets)) {
      continue;
    }
    locks.add(tickets);
    const { counting, readers } = tickets.lock.class.kind;
    // Of a plain mutex all wait for one holder: who is ahead of whom makes no difference.
    for (const other of tickets.isFair && (counting || readers !== 'none') ? tickets.waiting : NONE) {
      found.add(other);
    }
    for (const holder of tickets.held) {
      const before = waitsBefore(holder);
      for (const wait of holder.isExplicit ? (before as readonly Ticket[]) : waitsOf(before, met)) {
        found.add(wait);
      }
      for (const { parent } of holder.isExplicit ? NONE : leftUnder(holder)) {
        for (const wait of parent === undefined ? NONE : waitsOf([parent], met)) {
          found.add(wait);
        }
      }
    }
  }
  return found;
}

/** The waits that these promises lead to. @param met those that were looked at before */
function waitsOf(promises: readonly unknown[], met: Set<object>): readonly Ticket[] {
  const found: Ticket[] = [];
  const left = [...promises];
  for (const promise of left) {
    if (isObject(promise) && !met.has(promise)) {
      met.add(promise);
      const { wait, inputs, next } = needsOf(promise);
      left.push(next, ...inputs);
      if (wait !== null) {
        found.push(wait);
      }
    }
  }
  return found;
}
