/**
 * What a library says of the promises that it gives away.
 */
import { isObject } from './given.ts';
import { link } from './links.ts';
import type { Ticket } from './ticket.ts';

/** The continuation that waits for `promise` owns the lock. */
export function markOwned<Result>(promise: Result, ticket: Ticket): Result {
  if (isPromise(promise)) {
    const made = link(promise);
    if (made.acquired === undefined || made.acquired === ticket) {
      made.acquired = ticket;
    } else {
      made.others = [...made.others, ticket];
    }
  }
  return promise;
}

/** Whoever goes on after `promise` has seen the lock granted, but does not own it. */
export function markSeen<Result>(promise: Result, ticket: Ticket): Result {
  if (isPromise(promise)) {
    link(promise).seen = [ticket];
  }
  return promise;
}

/** A promise of this world or another one. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise || (isObject(value) && Object.prototype.toString.call(value) === '[object Promise]');
}
