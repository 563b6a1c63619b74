/**
 * Enters the context of an acquire in the continuation that waits for it, and in that one alone.
 * `await p` creates a promise whose parent is `p` (init), and runs the continuation between its before and after hook. So
 * what arrives with `p` is pushed in before. An async function that settles while it holds what it did not have at
 * its start hands that to whoever waits for it.
 * While no lock is in use the hooks return at once.
 */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';
import { watchCombinators } from './combinators.ts';
import { acquireOf, arrivals, baseOf, type Linked, linkUp, markHanded, markSeen, parentOf, unlink } from './links.ts';
import { type Context, has, push, type Ticket } from './ticket.ts';

export interface HookOptions {
  readonly storage: AsyncLocalStorage<Context | null>;
  /** Whether any lock is wanted or held at the moment. */
  readonly isWatching: () => boolean;
  /** The promise of an acquire settled before the lock was granted: the wait is over. */
  readonly gaveUp: (ticket: Ticket) => void;
}

/**
 * Starts the hooks.
 * @returns stops them, or `undefined` where the runtime does not report promises
 */
export function startPromiseHooks({ storage, isWatching, gaveUp }: HookOptions): (() => void) | undefined {
  let probed = false;
  const stop = promiseHooks.createHook({
    init(promise, parent) {
      probed = true;
      if (isWatching()) {
        linkUp(promise as Linked, parent as Linked | undefined, storage.getStore() ?? null);
      }
    },
    before(promise) {
      if (isWatching()) {
        enter(storage, promise as Linked);
      }
    },
    settled(promise) {
      if (isWatching()) {
        handOn(storage.getStore() ?? null, promise as Linked);
        const ticket = acquireOf(promise as Linked);
        if (ticket?.state === 'waiting') {
          gaveUp(ticket);
        }
      }
      unlink(promise as Linked);
    },
  }) as () => void;
  void Promise.resolve();
  if (!probed) {
    stop();
    return undefined;
  }
  const restore = watchCombinators(Promise, isWatching);
  return () => {
    stop();
    restore();
  };
}

function enter(storage: AsyncLocalStorage<Context | null>, promise: Linked): void {
  const parent = parentOf(promise);
  if (parent === undefined) {
    return;
  }
  const store = storage.getStore() ?? null;
  let context = store;
  const { owned, seen } = arrivals(parent);
  for (const ticket of owned) {
    if (ticket.state === 'held' || ticket.undecided > 0) {
      context = push(context, ticket, true);
    }
  }
  for (const ticket of seen) {
    if (ticket.undecided > 0) {
      context = push(context, ticket, false);
    }
  }
  if (context !== store) {
    storage.enterWith(context);
  }
}

function handOn(store: Context | null, promise: Linked): void {
  const base = baseOf(promise);
  const held: Ticket[] = [];
  const undecided: Ticket[] = [];
  for (let at = store; at !== null && at !== base; at = at.up) {
    const { ticket } = at;
    if (has(base, ticket)) {
      continue;
    }
    if (at.owned && ticket.state === 'held') {
      held.push(ticket);
    }
    if (ticket.undecided > 0) {
      undecided.push(ticket);
    }
  }
  if (undecided.length > 0) {
    markSeen(promise, undecided);
  }
  if (held.length > 0 && !isSettledByCall()) {
    markHanded(promise, held);
  }
}

/**
 * True when somebody called resolve() or reject(), which gives the value to another flow but not the locks; false when an
 * async function returned or a promise took over the state of another. Told by the stack: such a call stands as a
 * native frame without a file above a frame that runs synchronously.
 */
function isSettledByCall(): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = (_, sites) => sites;
  Error.stackTraceLimit = 4;
  const holder: { stack?: NodeJS.CallSite[] } = {};
  Error.captureStackTrace(holder, handOn);
  const [, resolver, caller] = holder.stack ?? [];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return isNative(resolver) && caller !== undefined && !(caller as AsyncSite).isAsync();
}

interface AsyncSite extends NodeJS.CallSite {
  isAsync(): boolean;
}

function isNative(site: NodeJS.CallSite | undefined): boolean {
  return site !== undefined && !(site as AsyncSite).isAsync() && site.getFileName() == null;
}
