/**
 * pg: whose work it is that a client does. What a pool asks of it, for a call of its own `query`, is asked in the name of that call.
 */
import type { Context } from '../owner/ticket.ts';
import type { RawSite } from '../state/site.ts';
import type { LockRequest } from './request.ts';

/** A call of `query` of a pool, which runs on a client of its own. */
export interface PoolQuery {
  /** Where the program called it, and what the flow that did so carries. */
  readonly site: RawSite;
  readonly context: Context | null;
  /** Its request of the client. */
  request?: LockRequest;
  /** What it gives the program. */
  result?: unknown;
  /** What its query has asked for. */
  readonly owned: LockRequest[];
}

let current: PoolQuery | undefined;

/** The call of `query` of a pool that a query is made for right now. */
export const poolQuery = (): PoolQuery | undefined => current;

/** Does what a pool does in the name of a call of `query`. */
export function withinPoolQuery<Result>(querying: PoolQuery | undefined, work: () => Result): Result {
  const before = current;
  current = querying;
  try {
    return work();
  } finally {
    current = before;
  }
}
