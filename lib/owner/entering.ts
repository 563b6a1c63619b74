/**
 * A lock that is taken without waiting belongs to the function that took it, from there on. Nothing begins at that moment that
 * could carry it, so the running code does; until that function gives way, and whoever called it goes on. That is seen when
 * a promise is made for it to go on with, or settled because it has returned: by how deep the stack is then.
 * Costs two captured stacks for each lock that is taken so; the second one is read.
 */
import { callSitesOf, captureSite, type RawSite } from '../state/site.ts';
import { framesBelowHook } from './hook-frames.ts';
import type { Context } from './ticket.ts';

/** Deep enough to tell one function from another one that it called. */
const DEEPEST = 200;

export class Entering {
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
