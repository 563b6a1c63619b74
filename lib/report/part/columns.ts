/**
 * Text in columns of a terminal. Lengths are counted in cells: a Chinese character fills two, a combining mark none.
 */

/** No line is longer, unless it holds a path or a word that cannot be broken. */
export const WIDTH = 100;

const NO_CELL = /\p{M}/u;
const TWO_CELLS =
  /[\u{1100}-\u{115F}\u{2E80}-\u{303E}\u{3041}-\u{A4CF}\u{A960}-\u{A97C}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE6F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;

/** Cells that a text fills. */
export function cells(text: string): number {
  let total = 0;
  for (const character of text) {
    total += cellsOf(character);
  }
  return total;
}

function cellsOf(character: string): number {
  if (character < '\u{300}') {
    return 1;
  }
  return NO_CELL.test(character) ? 0 : TWO_CELLS.test(character) ? 2 : 1;
}

/** The text with blanks behind it up to a width. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cells(text)));
}

/** The text with blanks before it up to a width. */
export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - cells(text))) + text;
}

/** The text, cut behind if it fills more than a width. */
export function cut(text: string, width: number): string {
  return cells(text) <= width ? text : `${firstCells(text, width - 1).trimEnd()}…`;
}

function firstCells(text: string, width: number): string {
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += cellsOf(character);
    if (used > width) {
      break;
    }
    kept += character;
  }
  return kept;
}

/** How a paragraph is laid out. */
export interface Paragraph {
  /** Written before the first line, and filled with blanks before the others. */
  readonly indent: string;
  /** @default WIDTH */
  readonly width?: number;
}

/** A paragraph as lines that break at blanks, and within a word only where it does not fit on a line of its own. */
export function wrap(text: string, { indent, width = WIDTH }: Paragraph): string[] {
  const room = width - cells(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => pieces(part, room))) {
    if (line !== '' && cells(line) + 1 + cells(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  const blank = ' '.repeat(cells(indent));
  return lines.map((text, at) => (at === 0 ? indent : blank) + text);
}

/** Paths stay whole, so that a click on them works. */
function pieces(word: string, room: number): string[] {
  if (cells(word) <= room || /[/\\].*:\d+:\d+/.test(word)) {
    return [word];
  }
  const first = firstCells(word, room);
  return [first, ...pieces(word.slice(first.length), room)];
}
