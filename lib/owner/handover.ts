/**
 * Who goes on with what a flow holds when it settles a promise.
 * An async function that returns while it holds what it did not have at its start hands that to whoever waits for it. Somebody
 * who calls `resolve()` gives the value to another flow, and keeps his locks: a worker that answers a request, a releaser that
 * wakes the next one. Unless the function that got them ended with that: then whoever was woken is the only one to go on with
 * them, as behind `new Promise(async (resolve) => …)` and callbacks that were turned into promises. That is no more than
 * likely, and taken back if somebody turns out to wait for the function itself.
 */
import { Activation } from './activation.ts';
import { has } from './context.ts';
import { framesBelowHook } from './hook-frames.ts';
import { type Link, link, linkOf } from './links.ts';
import type { Context, Handover, Ticket } from './ticket.ts';

/** The frames of hooks and those two that matter. */
const DEEPEST = 12;

/** A promise was settled by a call of somebody who holds locks. */
interface Call {
  readonly promise: object;
  readonly tickets: readonly Ticket[];
}

export class Handovers {
  #calls: Call[] = [];
  /** What was handed on by a return, in the same turn. */
  #returns: { readonly link: Link; readonly tickets: readonly Ticket[] }[] = [];

  /**
   * A promise was settled by a flow that carries `context`.
   * @param isOwn whether it is the promise of the continuation that runs: then that has ended
   */
  settled(context: Context, promise: object, isOwn: boolean): void {
    const known = linkOf(promise);
    const { held, undecided, via } = newIn(context, known);
    if (undecided.length > 0) {
      const made = link(promise);
      made.seen = [...made.seen, ...undecided];
    }
    if (held.length === 0) {
      return;
    }
    // Then the stack need not be read.
    if (isOwn || !isSettledByCall()) {
      const made = link(promise);
      made.handed = held;
      // What was only likely to have come here is only likely to go on.
      made.via = via;
      this.#returns.push({ link: made, tickets: held });
    } else if (known?.acquired === undefined) {
      this.#calls.push({ promise, tickets: held });
    }
  }

  /** True where nothing waits for the end of the turn. */
  get isEmpty(): boolean {
    return this.#calls.length === 0 && this.#returns.length === 0;
  }

  /** The turn is over: what was the last thing that somebody did is known now. */
  turn(): void {
    for (const { promise, tickets } of this.#calls) {
      const left = tickets.filter((ticket) => isLeft(ticket, promise));
      if (left.length > 0) {
        this.#handOver(promise, left);
      }
    }
    this.#calls = [];
    this.#returns = [];
  }

  #handOver(promise: object, tickets: readonly Ticket[]): void {
    const via: Handover = { isRevoked: false };
    const made = link(promise);
    made.handed = tickets;
    made.via = via;
    for (const { link: returned, tickets: others } of this.#returns) {
      if (others.some((ticket) => tickets.includes(ticket))) {
        returned.rival = via;
      }
    }
  }
}

/** A callback that got a lock has returned: where it left nothing behind, the promise around the request is what goes on with that. */
export function noteCallback(ticket: Ticket): void {
  if (ticket.work === null && ticket.state === 'held' && (ticket.pending === null || ticket.pending.size === 0)) {
    ticket.activation ??= RETURNED;
  }
}

const RETURNED = new Activation();
RETURNED.isOver = true;

/** Whether nobody but whoever waits for this promise goes on with the lock: of a callback that is the one that was made for it. */
function isLeft({ state, activation, within }: Ticket, promise: object): boolean {
  return state === 'held' && activation?.isOver === true && (activation !== RETURNED || within?.deref() === promise);
}

interface New {
  readonly held: readonly Ticket[];
  readonly undecided: readonly Ticket[];
  /** How a part of it came to the flow, where that is not sure. */
  readonly via: Handover | null;
}

/** What the flow has that the creator of the promise had not. */
function newIn(context: Context, known: Link | undefined): New {
  const base = known?.base ?? null;
  const held: Ticket[] = [];
  const undecided: Ticket[] = [];
  let via: Handover | null = null;
  for (let at: Context | null = context; at !== null && at !== base; at = at.up) {
    const { ticket } = at;
    // What an acquire's own promise carries it carries anyway.
    if (ticket === null || ticket === known?.acquired || has(base, ticket)) {
      continue;
    }
    if (at.owned && ticket.state === 'held') {
      held.push(ticket);
      via ??= at.via;
    }
    if (ticket.undecided > 0) {
      undecided.push(ticket);
    }
  }
  return { held: held.reverse(), undecided, via };
}

/**
 * True when somebody called resolve() or reject(); false when an async function returned or a promise took over the state of
 * another. Told by the stack: such a call stands as a native frame without a file above a frame that runs synchronously.
 * Code that was compiled down to generators calls resolve() where an async function would return: its helpers are known by name.
 */
function isSettledByCall(): boolean {
  const [resolver, caller] = framesBelowHook(Handovers.prototype.settled, DEEPEST);
  if (resolver === undefined || caller === undefined || resolver.isAsync() || resolver.getFileName() != null) {
    return false;
  }
  const isDrain = caller.getFileName() === MICROTASKS;
  return !isDrain && !caller.isAsync() && !COMPILED_RETURNS.has(caller.getFunctionName() ?? '');
}

/** Where Node runs the microtasks: what is settled right above was settled by the runtime. */
const MICROTASKS = 'node:internal/process/task_queues';

/** What calls resolve() for a compiled async function that returns: TypeScript, tslib and esbuild; Babel and swc. */
const COMPILED_RETURNS: ReadonlySet<string> = new Set(['step', 'asyncGeneratorStep']);
