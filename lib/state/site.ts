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

  /** The stack trace as the runtime formats it. The first line is not a frame. */
  get stack(): string {
    const stack: unknown = this.#holder?.stack;
    return typeof stack === 'string' ? stack : '';
  }

  resolve(resolver: SiteResolver): Site | null {
    if (this.#holder !== undefined) {
      this.#site = resolver(this.stack);
      this.#holder = undefined;
    }
    return this.#site;
  }
}

interface TracingErrorConstructor {
  stackTraceLimit?: number;
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
    if (limit !== undefined) {
      TracingError.stackTraceLimit = limit;
    }
  } catch {
    // Frozen: it was not changed either.
  }
}

/** One frame of a stack trace in the text form that V8, and the tools that imitate it, print. */
export interface Frame {
  readonly function: string | undefined;
  readonly file: string;
  readonly line: number;
  readonly column: number;
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
