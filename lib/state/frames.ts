/**
 * The frames of a stack trace: from the text that V8, and the tools that imitate it, print, and from V8 itself.
 */

/** One frame of a stack trace. */
export interface Frame {
  readonly function: string | undefined;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

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

/** The frame of a call, or nothing where it stands in no file. */
export function frameOf(site: CallSite): Frame | [] {
  const [file, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  const plain = tidyName(site.getFunctionName() ?? undefined);
  const name = plain !== undefined && site.isConstructor() ? `new ${plain}` : plain;
  return file == null || line === null || column === null ? [] : { function: name, file, line, column };
}

const POSITION = /^(.*):(\d+):(\d+)$/;
const START_OF_FILE =
  /^(?:\/|\\\\|file:|node:|https?:|data:|blob:|[A-Za-z]:[\\/]|<anonymous>|evalmachine|webpack|index |eval at )/;
const EVAL = 'eval at ';
/** `fn (place), <anonymous>:1:2`, with one `)` more for each `eval` around it. */
const ORIGIN = /^(.*:\d+:\d+\))\)*, .*$/;

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
  const [name, place] = outOfEval(splitFrame(line.slice(3)));
  const position = POSITION.exec(place);
  if (position === null) {
    return undefined;
  }
  const [, file = '', row = '', column = ''] = position;
  return { function: tidyName(name), file, line: Number(row), column: Number(column) };
}

type Split = readonly [name: string | undefined, place: string];

// `fn (place)` or `place`; both parts may contain blanks and parentheses, so the place is where a file name begins. A name
// that could be anything, such as `lib/a.ts` or `REPL1`, is taken to begin at the first parenthesis.
function splitFrame(text: string): Split {
  if (text.endsWith(')')) {
    const starts = [...text.matchAll(/ \(/g)].map(({ index }) => index);
    const at = starts.find((start) => START_OF_FILE.test(text.slice(start + 2))) ?? starts[0];
    if (at !== undefined) {
      return [text.slice(0, at), text.slice(at + 2, -1)];
    }
  }
  return [undefined, text.startsWith('async ') ? text.slice(6) : text];
}

// Code in an `eval` has no file. What a person can find is the call of the outermost `eval`, in the function it stands in.
function outOfEval(split: Split): Split {
  const [, place] = split;
  if (!place.startsWith(EVAL)) {
    return split;
  }
  const origin = ORIGIN.exec(place.slice(place.lastIndexOf(EVAL) + EVAL.length))?.[1];
  return origin === undefined ? [undefined, ''] : splitFrame(origin);
}

function tidyName(name: string | undefined): string | undefined {
  const tidy = name?.replace(/^async /, '').replace(/^(?:Object|Module|exports|_?AsyncFunction)\./, '');
  return tidy === undefined || tidy === '' || tidy.includes('<anonymous>')
    ? undefined
    : tidy.replace(/ \[as .*\]$/, '');
}
