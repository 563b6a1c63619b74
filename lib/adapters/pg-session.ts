/**
 * pg: one session of the server, which is one client: the advisory locks that it holds, and the queries that are on their way.
 */
import { flowHooks } from '../owner/promise-hooks.ts';
import type { Context } from '../owner/ticket.ts';
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { Watcher } from './adapter.ts';
import type { AdvisoryCall } from './pg-advisory-sql.ts';
import { isFalse, isTrue, type Result, UNKNOWN, valueIn } from './pg-client.ts';
import type { LockRequest } from './request.ts';

/** One call of an advisory-lock function. */
export interface Step {
  readonly call: AdvisoryCall;
  readonly lock: LockInstance | undefined;
  readonly request: LockRequest | undefined;
}

type KnownStep = Step & { readonly lock: LockInstance };

/** A query that was sent. */
export interface Asked {
  readonly session: Session;
  readonly steps: readonly Step[];
  readonly context: Context | null;
  readonly site: RawSite | undefined;
  /** What it gives back: what was taken since a savepoint, or all. */
  readonly gives: 'none' | 'transaction' | 'all';
  isSent: boolean;
}

/** One lock that a session holds: once for each time it was taken. */
interface Held {
  readonly lock: LockInstance;
  readonly isShared: boolean;
  readonly ofTransaction: boolean;
  /** Whoever has taken it first; nothing for those who took it again. */
  request: LockRequest | undefined;
}

/** The server ended the wait: no such lock in time, cancelled, deadlock. */
const GAVE_UP = new Set(['55P03', '57014', '40P01']);

export class Session {
  /** Queries that have been sent and not been answered. */
  readonly pending: Set<Asked> = new Set();
  /** True where it may hold what was not seen. */
  isUnsure = false;
  readonly #watcher: Watcher;
  #held: Held[] = [];
  /** That of whoever has sent the query that was answered last. */
  #context: Context | null = null;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  /** How it has this lock, or has asked for it. */
  modesOf(lock: LockInstance): readonly { readonly isShared: boolean }[] {
    const asked = [...this.pending].flatMap(({ steps }) => steps);
    return [...this.#held.filter((held) => held.lock === lock), ...modesIn(asked, lock)];
  }

  /** Whether it is somebody's who asked through this session. */
  holds(lock: LockInstance): boolean {
    return this.#held.some((held) => held.lock === lock && held.request !== undefined);
  }

  /** A query was answered. */
  answered(asked: Asked, results: readonly Result[]): void {
    this.#over(asked);
    for (const step of asked.steps) {
      const { call, lock, request } = step;
      const rows = results[call.statement]?.rows ?? [];
      const values = rows.map((row) => valueIn(row, call.column));
      if (call.action === 'unlock-all') {
        this.#drop(({ ofTransaction }) => !ofTransaction && rows.length > 0);
      } else if (lock !== undefined && call.action === 'lock') {
        this.#taken({ ...step, lock }, values);
      } else if (lock !== undefined) {
        this.#unlocked({ ...step, lock }, values, asked.site);
      }
      request?.withdrawn();
    }
    if (asked.gives !== 'none') {
      this.#drop(({ ofTransaction }) => asked.gives === 'all' || ofTransaction);
    }
  }

  /** The server refused a query. What it had taken of several before that is not known. */
  refused(asked: Asked, code: string | undefined): void {
    this.#over(asked);
    this.isUnsure ||= asked.steps.length > 0;
    this.forget(asked, GAVE_UP.has(code ?? ''));
  }

  /** Nothing will come of a query. @param hasWaited whether it was the wait that ended */
  forget(asked: Asked, hasWaited = false): void {
    this.pending.delete(asked);
    for (const { request } of asked.steps) {
      hasWaited ? request?.gaveUp() : request?.withdrawn();
    }
  }

  /** No transaction is open. */
  transactionEnded(): void {
    this.#drop(({ ofTransaction }) => ofTransaction);
  }

  /** With the session its locks are gone. */
  ended(): void {
    this.#context = flowHooks.context ?? this.#context;
    this.#drop(() => true);
    for (const asked of [...this.pending]) {
      this.forget(asked);
    }
  }

  #over(asked: Asked): void {
    this.pending.delete(asked);
    this.#context = asked.context;
  }

  #taken({ call, lock, request }: KnownStep, values: readonly unknown[]): void {
    for (const value of values) {
      this.isUnsure ||= value === UNKNOWN;
      if (call.isTry ? isTrue(value) : value !== null) {
        const isFirst = request?.state === 'waiting';
        request?.granted();
        const { isShared, ofTransaction } = call;
        this.#held.push({ lock, isShared, ofTransaction, request: isFirst ? request : undefined });
      }
    }
  }

  #unlocked({ call, lock }: KnownStep, values: readonly unknown[], site: RawSite | undefined): void {
    for (const value of values) {
      const own = this.#held.filter((one) => one.lock === lock && !one.ofTransaction && one.isShared === call.isShared);
      const last = own.findLast(({ request }) => request === undefined) ?? own.at(-1);
      if (last !== undefined && (isTrue(value) || value === UNKNOWN)) {
        this.#drop((one) => one === last);
      } else if (last === undefined && isFalse(value) && !this.isUnsure && site !== undefined) {
        // Of this session: another one may well hold it, and goes on to do so.
        this.#watcher.tracker.stray(lock, site, true);
      }
    }
  }

  // In the name of whoever sent the query: what he has seen granted by then was granted before.
  #drop(which: (held: Held) => boolean): void {
    for (const entry of this.#held.filter(which)) {
      this.#held = this.#held.filter((one) => one !== entry);
      const heir = this.#held.find(({ lock, request }) => lock === entry.lock && request === undefined);
      if (heir !== undefined && entry.request !== undefined) {
        heir.request = entry.request;
      } else {
        flowHooks.carrier.run(this.#context, () => entry.request?.released());
      }
    }
  }
}

/** How these steps ask for a lock. */
export function modesIn(steps: readonly Step[], lock: LockInstance): readonly AdvisoryCall[] {
  return steps.filter((step) => step.lock === lock && step.request !== undefined).map(({ call }) => call);
}
