/**
 * A lock that is taken without waiting belongs to the function that took it, from there on. Nothing begins at that moment that
 * could carry it, so the running code does; until that function gives way, and whoever called it goes on. That is seen when
 * a promise is made for it to go on with, or settled because it has returned: by how deep the stack is then.
 * Costs two captured stacks for each lock that is taken so; the second one is read.
 */
import { callSitesOf, captureSite, type RawSite } from '../state/site.ts';
import type { Carrier } from './carrier.ts';
import { push } from './context.ts';
import { framesBelowHook } from './hook-frames.ts';
import type { Context, Ticket } from './ticket.ts';

/** Deep enough to tell one function from another one that it called. */
const DEEPEST = 200;

class Entering {
  /** What the code carried before. */
  readonly before: Context | null;
  /** What it carries since then. */
  readonly context: Context;
  readonly #place: RawSite;
  #depth: number | undefined;

  /** @param below the function that was called for the lock */
  constructor(before: Context | null, context: Context, below: unknown) {
    this.before = before;
    this.context = context;
    this.#place = captureSite(below, DEEPEST);
  }

  /** Whether the function that took the lock is the one that gives way, or returns, here; or one that called it. */
  endsHere(): boolean {
    const frames = framesBelowHook(this.endsHere, DEEPEST).filter((frame) => !frame.isAsync());
    const [first] = frames;
    const isCallback = first?.getFileName() == null && CALLBACKS.has(first?.getFunctionName() ?? '');
    this.#depth ??= callSitesOf(this.#place).filter((frame) => !frame.isAsync()).length;
    return !isCallback && frames.length <= this.#depth;
  }
}

/** What makes promises for callbacks, and gives nothing away. */
const CALLBACKS: ReadonlySet<string> = new Set(['then', 'catch', 'finally', 'all', 'allSettled', 'any', 'race']);

/** What the running code has entered, until it gives way. */
export class Entrance {
  readonly #carrier: Carrier<Context>;
  #entering: Entering | null = null;
  /** The promise that the code gave way with, and what that carries. */
  #left: { readonly promise: object; readonly context: Context } | null = null;

  constructor(carrier: Carrier<Context>) {
    this.#carrier = carrier;
  }

  /** The running code has got a lock. @param below the function that it called for it */
  enter(ticket: Ticket, below: unknown): void {
    const before = this.#carrier.get();
    const context = push(before, ticket, true);
    this.#carrier.enter(context);
    this.#entering = new Entering(before, context, below);
  }

  /** Something else runs. */
  begin(): void {
    this.#entering = null;
  }

  /** What a promise is made with, where that is not what the code carries any more: what is no promise is wrapped first. */
  contextOf(parent: object | undefined): Context | null {
    const left = this.#left;
    this.#left = null;
    return left !== null && left.promise === parent ? left.context : null;
  }

  /** A promise was made that waits for another one. */
  made(promise: object, context: Context): void {
    if (this.#entering !== null) {
      this.settled();
      this.#left = this.#entering === null ? { promise, context } : null;
    }
  }

  /** The code may give way here: then whoever called it has not got the lock. */
  settled(): void {
    const entering = this.#entering;
    if (entering === null) {
      return;
    }
    const isElsewhere = this.#carrier.get() !== entering.context;
    if (isElsewhere || entering.endsHere()) {
      this.#entering = null;
    }
    if (!isElsewhere && this.#entering === null) {
      this.#carrier.enter(entering.before);
    }
  }
}
