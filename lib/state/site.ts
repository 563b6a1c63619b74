/**
 * Where a call came from. Capturing is cheap as long as nobody reads the result: the runtime keeps the frames and formats
 * them on first use. Costs about 1 µs to capture, tens of µs to resolve, so a site is captured for news and resolved for
 * reports only.
 */
import type { Site } from '../model/lock.ts';
import { type CallSite, type Frame, frameOf, parseFrames } from './frames.ts';

export { type CallSite, type Frame, parseFrames };

/** Turns the text of a stack trace into the one place that a person wants to see, or `null` if there is none. */
export type SiteResolver = (stack: string) => Site | null;

interface StackHolder {
  stack?: string;
}

const FRAMES = 8;
const MOST_FRAMES = 16;

/** True for a captured site, also for one of another copy of this package. */
export function isRawSite(value: unknown): value is RawSite {
  return typeof (value as Partial<RawSite> | null)?.resolve === 'function';
}

/** A captured call site that is resolved when somebody asks. */
export class RawSite {
  #holder: StackHolder | undefined;
  #site: Site | null = null;

  constructor(holder: StackHolder) {
    this.#holder = holder;
  }

  /** A place that is known already. */
  static of(site: Site | null): RawSite {
    const known = new RawSite({});
    known.#holder = undefined;
    known.#site = site;
    return known;
  }

  /**
   * The stack trace as the runtime, or a tool that maps it to the source, formats it. The first line is not a frame. A formatter
   * of the program that gives something else than text is passed by; one that throws leaves no trace, and nothing fails.
   */
  get stack(): string {
    const stack = withFormatter(textFormatter, () => read(this.#holder));
    return typeof stack === 'string' ? stack : '';
  }

  /** The frames as V8 knows them, while the formatter in place hands them over. */
  callSites(): readonly CallSite[] {
    const sites = read(this.#holder);
    return Array.isArray(sites) ? (sites as CallSite[]) : [];
  }

  resolve(resolver: SiteResolver): Site | null {
    if (this.#holder !== undefined) {
      this.#site = resolver(this.stack);
      this.#holder = undefined;
    }
    return this.#site;
  }
}

function read(holder: StackHolder | undefined): unknown {
  try {
    return holder?.stack;
  } catch {
    // The program's own formatter failed: its own affair.
    return undefined;
  }
}

type Formatter = (error: unknown, sites: readonly CallSite[]) => unknown;

interface TracingErrorConstructor {
  stackTraceLimit?: number;
  prepareStackTrace?: Formatter | undefined;
  captureStackTrace?(target: object, below?: unknown): void;
}

const TracingError = Error as unknown as TracingErrorConstructor;

/**
 * Captures the frames above the call of `below`.
 * @param below the function whose own frame, and all frames it called, are left out
 */
export function captureSite(below: unknown, frames: number = FRAMES): RawSite {
  const limit = TracingError.stackTraceLimit;
  // As many as there are to be, or a few more: to change that costs as much as half a capture.
  const isFit = limit !== undefined && limit >= frames && limit <= MOST_FRAMES;
  try {
    if (!isFit) {
      TracingError.stackTraceLimit = frames;
    }
    if (TracingError.captureStackTrace === undefined) {
      return new RawSite(new Error());
    }
    const holder: StackHolder = {};
    TracingError.captureStackTrace(holder, below);
    return new RawSite(holder);
  } catch {
    // A program may freeze Error; a missing site is no reason to stop.
    return new RawSite({});
  } finally {
    if (!isFit) {
      restoreLimit(limit);
    }
  }
}

function restoreLimit(limit: number | undefined): void {
  try {
    if (limit === undefined) {
      delete TracingError.stackTraceLimit;
    } else {
      TracingError.stackTraceLimit = limit;
    }
  } catch {
    // Frozen: it was not changed either.
  }
}

function textFormatter(formatter: Formatter | undefined): Formatter | undefined {
  if (typeof formatter !== 'function') {
    return formatter;
  }
  return (error, sites) => {
    const text = formatter.call(Error, error, sites);
    return typeof text === 'string' ? text : `Error\n${sites.map((site) => `    at ${String(site)}`).join('\n')}`;
  };
}

/** Does something that formats a stack trace while another formatter than the program's is in place. */
function withFormatter<Result>(
  replace: (formatter: Formatter | undefined) => Formatter | undefined,
  work: () => Result,
): Result {
  const before = Object.getOwnPropertyDescriptor(TracingError, 'prepareStackTrace');
  try {
    TracingError.prepareStackTrace = replace(TracingError.prepareStackTrace);
  } catch {
    // Frozen: then it is the program's own that formats.
  }
  try {
    return work();
  } finally {
    restoreFormatter(before);
  }
}

function restoreFormatter(before: PropertyDescriptor | undefined): void {
  try {
    if (before === undefined) {
      delete TracingError.prepareStackTrace;
    } else {
      Object.defineProperty(TracingError, 'prepareStackTrace', before);
    }
  } catch {
    // Frozen: it was not changed either.
  }
}

/** The frames above the call of `below` as V8 knows them; none in a runtime that does not hand them over. About 3 µs. */
export function captureCallSites(below: unknown): readonly CallSite[] {
  return callSitesOf(captureSite(below));
}

/** The frames of a place as V8 knows them, unless it was resolved before. */
export function callSitesOf(site: RawSite): readonly CallSite[] {
  return withFormatter(
    () => (_, sites) => sites,
    () => site.callSites(),
  );
}

/** The frames above the call of `below`, as they stand in the code that runs. */
export function captureFrames(below: unknown): readonly Frame[] {
  return captureCallSites(below).flatMap(frameOf);
}

/** The resolver of a runtime that has no files to read: the first frame as it stands. */
export function firstFrame(stack: string): Site | null {
  const frame = parseFrames(stack)[0];
  if (frame === undefined) {
    return null;
  }
  const { file, line, column } = frame;
  return frame.function === undefined ? { file, line, column } : { file, line, column, function: frame.function };
}
