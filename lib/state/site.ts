/**
 * Where a call came from. Capturing is cheap as long as nobody reads the result: the runtime keeps the frames and formats
 * them on first use. Costs about 1 µs to capture, tens of µs to resolve, so a site is captured for news and resolved for
 * reports only.
 */
import type { Site } from '../model/lock.ts';

/** Turns the text of a stack trace into the one place that a person wants to see, or `null` if there is none. */
export type SiteResolver = (stack: string) => Site | null;

interface StackHolder {
  stack?: string;
}

const FRAMES = 8;

/** A captured call site that is resolved when somebody asks. */
export class RawSite {
  #holder: StackHolder | undefined;
  #site: Site | null = null;

  constructor(holder: StackHolder) {
    this.#holder = holder;
  }

  /**
   * The stack trace as the runtime, or a tool that maps it to the source, formats it. The first line is not a frame. A formatter
   * of the program that gives something else than text is passed by.
   */
  get stack(): string {
    const holder = this.#holder;
    return holder === undefined
      ? ''
      : withFormatter(textFormatter(TracingError.prepareStackTrace), () => String(holder.stack));
  }

  /** The frames as V8 knows them, while the formatter in place hands them over. */
  callSites(): readonly CallSite[] {
    const sites: unknown = this.#holder?.stack;
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

type Formatter = (error: unknown, sites: readonly CallSite[]) => unknown;

/** A frame as V8 hands it to a formatter. */
export interface CallSite {
  isConstructor(): boolean;
  /** True for a caller that waits for the running code. */
  isAsync(): boolean;
  getFunctionName(): string | null;
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

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
export function captureSite(below: unknown): RawSite {
  const limit = TracingError.stackTraceLimit;
  try {
    TracingError.stackTraceLimit = FRAMES;
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
    restoreLimit(limit);
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
    try {
      const text = formatter.call(Error, error, sites);
      if (typeof text === 'string') {
        return text;
      }
    } catch {
      // The program's own affair.
    }
    return `Error\n${sites.map((site) => `    at ${String(site)}`).join('\n')}`;
  };
}

/** Does something that formats a stack trace while another formatter than the program's is in place. */
function withFormatter<Result>(formatter: Formatter | undefined, work: () => Result): Result {
  const before = Object.getOwnPropertyDescriptor(TracingError, 'prepareStackTrace');
  try {
    TracingError.prepareStackTrace = formatter;
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
  const site = captureSite(below);
  return withFormatter(
    (_, sites) => sites,
    () => site.callSites(),
  );
}

/** The frames above the call of `below`, as they stand in the code that runs. */
export function captureFrames(below: unknown): readonly Frame[] {
  return captureCallSites(below).flatMap(frameOf);
}

/** One frame of a stack trace in the text form that V8, and the tools that imitate it, print. */
export interface Frame {
  readonly function: string | undefined;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function frameOf(site: CallSite): Frame | [] {
  const [file, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  const plain = tidyName(site.getFunctionName() ?? undefined);
  const name = plain !== undefined && site.isConstructor() ? `new ${plain}` : plain;
  return file == null || line === null || column === null ? [] : { function: name, file, line, column };
}

const POSITION = /^(.*):(\d+):(\d+)$/;
const START_OF_FILE = /^(?:\/|file:|node:|https?:|[A-Za-z]:[\\/]|<anonymous>|evalmachine|webpack|index )/;

/** Reads the frames of a stack trace, innermost first. Lines that are no frames are passed over. */
export function parseFrames(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split('\n')) {
    const frame = parseFrame(line.trim());
    if (frame !== undefined) {
      frames.push(frame);
    }
  }
  return frames;
}

function parseFrame(line: string): Frame | undefined {
  if (!line.startsWith('at ')) {
    return undefined;
  }
  const [name, place] = splitFrame(line.slice(3));
  const position = POSITION.exec(place);
  if (position === null) {
    return undefined;
  }
  const [, file = '', row = '', column = ''] = position;
  return { function: tidyName(name), file, line: Number(row), column: Number(column) };
}

// `fn (place)` or `place`; both parts may contain blanks and parentheses, so the place is where a file name begins.
function splitFrame(text: string): [string | undefined, string] {
  if (text.endsWith(')')) {
    for (let at = text.indexOf(' ('); at >= 0; at = text.indexOf(' (', at + 1)) {
      const place = text.slice(at + 2, -1);
      if (START_OF_FILE.test(place)) {
        return [text.slice(0, at), place];
      }
    }
  }
  return [undefined, text.startsWith('async ') ? text.slice(6) : text];
}

function tidyName(name: string | undefined): string | undefined {
  const tidy = name?.replace(/^async /, '').replace(/^(?:Object|Module|exports|_?AsyncFunction)\./, '');
  return tidy === undefined || tidy === '' || tidy.includes('<anonymous>')
    ? undefined
    : tidy.replace(/ \[as .*\]$/, '');
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
