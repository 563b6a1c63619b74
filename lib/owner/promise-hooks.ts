/**
 * Enters the context of an acquire in the continuation that waits for it, and in that one alone.
 * `await p` creates a promise whose parent is `p` (init), and runs the continuation between its before and after hook. So
 * what arrives with `p` is pushed in before. An async function that settles while it holds what it did not have at
 * its start hands that to whoever waits for it.
 * While no lock is in use the hooks return at once. What fails in them must not reach the program.
 */
import { type AsyncLocalStorage, createHook } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';
import { captureCallSites } from '../state/site.ts';
import { watchCombinators } from './combinators.ts';
import { arrivals, type Link, link, linkOf, unlink } from './links.ts';
import { type Context, has, push, type Ticket } from './ticket.ts';

export interface HookOptions {
  readonly storage: AsyncLocalStorage<Context | null>;
  /** Whether any lock is wanted or held at the moment. */
  readonly isWatching: () => boolean;
  /** The promise of an acquire settled before the lock was granted: the wait is over. */
  readonly gaveUp: (ticket: Ticket) => void;
  /** Something failed in a hook. */
  readonly failed: (error: unknown) => void;
}

/**
 * Starts the hooks.
 * @returns stops them, or `undefined` where the runtime does not report promises
 */
export function startPromiseHooks(options: HookOptions): (() => void) | undefined {
  const { storage, isWatching, failed } = options;
  let probed = false;
  const quietly = (work: (promise: object, parent?: object) => void): ((promise: object, parent?: object) => void) => {
    return (promise, parent) => {
      if (isWatching()) {
        try {
          work(promise, parent);
        } catch (error) {
          failed(error);
        }
      }
    };
  };
  const handOver = quietly((promise) => settle(promise, options));
  const linkUp = quietly((promise, parent) => note(promise, parent, storage.getStore() ?? null));
  const hooks = {
    init(promise: object, parent: object | undefined) {
      probed = true;
      linkUp(promise, parent);
    },
    before: quietly((promise) => enter(storage, promise)),
    settled(promise: object) {
      handOver(promise);
      // Also where no lock is in use any more: what was linked before would keep chains of promises alive.
      unlink(promise);
    },
  };
  let stop = promiseHooks.createHook(hooks) as () => void;
  void Promise.resolve();
  if (!probed) {
    stop();
    return undefined;
  }
  const restoreAsyncHooks = watchAsyncHooks(() => {
    stop();
    stop = promiseHooks.createHook(hooks) as () => void;
  });
  const restoreCombinators = watchCombinators(Promise, isWatching);
  return () => {
    stop();
    restoreAsyncHooks();
    restoreCombinators();
  };
}

/**
 * Node puts its own promise hooks behind those that are there whenever an async hook is switched on or off. Then its `before`
 * would come after ours, and take away the context that ours has entered: ours have to go behind it again.
 */
function watchAsyncHooks(changed: () => void): () => void {
  const prototype = Object.getPrototypeOf(createHook({})) as Record<string, (this: object) => unknown>;
  const originals = (['enable', 'disable'] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(prototype, name)] as const,
  );
  for (const [name, descriptor] of originals) {
    const original = descriptor?.value as (this: object) => unknown;
    const watched = {
      [name](this: object): unknown {
        const result = original.call(this);
        changed();
        return result;
      },
    }[name];
    Object.defineProperty(prototype, name, { ...descriptor, value: watched });
  }
  return () => {
    for (const [name, descriptor] of originals) {
      Object.defineProperty(prototype, name, descriptor as PropertyDescriptor);
    }
  };
}

function note(promise: object, parent: object | undefined, base: Context | null): void {
  if (parent !== undefined || base !== null) {
    const made = link(promise);
    made.parent = parent;
    made.base = base;
  }
}

function enter(storage: AsyncLocalStorage<Context | null>, promise: object): void {
  const parent = linkOf(promise)?.parent;
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

function settle(promise: object, { storage, gaveUp }: HookOptions): void {
  const store = storage.getStore() ?? null;
  const known = linkOf(promise);
  if (known?.acquired?.state === 'waiting') {
    gaveUp(known.acquired);
  }
  if (store !== null) {
    handOn(store, promise, known);
  }
}

function handOn(store: Context, promise: object, known: Link | undefined): void {
  const base = known?.base ?? null;
  const held: Ticket[] = [];
  const undecided: Ticket[] = [];
  for (let at: Context | null = store; at !== null && at !== base; at = at.up) {
    const { ticket } = at;
    // What an acquire's own promise carries it carries anyway.
    if (ticket === known?.acquired || has(base, ticket)) {
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
    const made = link(promise);
    made.seen = [...made.seen, ...undecided];
  }
  // Nobody can call resolve() of a promise that `then` or `await` made: it has a parent, and the stack need not be read.
  if (held.length > 0 && (known?.parent !== undefined || !isSettledByCall())) {
    link(promise).handed = held;
  }
}

/**
 * True when somebody called resolve() or reject(), which gives the value to another flow but not the locks; false when an
 * async function returned or a promise took over the state of another. Told by the stack: such a call stands as a
 * native frame without a file above a frame that runs synchronously.
 */
function isSettledByCall(): boolean {
  const sites = captureCallSites(handOn);
  // The frames of the hook itself stand above those of the program.
  const own = sites[0]?.getFileName();
  const [resolver, caller] = sites.slice(sites.findIndex((site) => site.getFileName() !== own));
  const isNative = resolver !== undefined && !resolver.isAsync() && resolver.getFileName() == null;
  return isNative && caller !== undefined && !caller.isAsync();
}
