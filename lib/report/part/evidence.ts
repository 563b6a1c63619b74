/**
 * What was seen, piece by piece: a head with who and how often, then its places, all pieces in the same columns.
 */

import type { Place } from '../report.ts';
import { cells, cut, pad, wrap } from './columns.ts';
import { processName } from './names.ts';
import { siteColumns, siteRows } from './sites.ts';
import type { Style } from './style.ts';

/** Something that was seen, with its places. */
export interface Piece {
  /** What it is to the finding, such as `attempted`. */
  readonly word: string;
  /** What it is about, such as `orders → ledger`. */
  readonly subject: string;
  readonly owner: string;
  /** Process and thread that saw it; written where there are several. */
  readonly process: string;
  /** How often and since when, each a phrase. */
  readonly history: readonly string[];
  readonly places: readonly Place[];
}

const WORD = 13;
const WIDEST_SUBJECT = 40;
const LONGEST_SUBJECT = 84;

/** The pieces in this order. */
export function evidence(pieces: readonly Piece[], style: Style): readonly string[] {
  const widest = Math.max(...pieces.map(({ subject }) => cells(subject)));
  const several = new Set(pieces.map(({ process }) => process)).size > 1;
  const columns = siteColumns(pieces.flatMap(({ places }) => places));
  return pieces.flatMap((piece) => [
    ...headOf(piece, { width: Math.min(WIDEST_SUBJECT, widest), several, style }),
    ...siteRows(piece.places, style, columns),
  ]);
}

interface Table {
  readonly width: number;
  readonly several: boolean;
  readonly style: Style;
}

function headOf(piece: Piece, { width, several, style }: Table): readonly string[] {
  const { word, subject, owner, process } = piece;
  const where = processName(process);
  // A thread that is an owner itself is named once.
  const place = where.endsWith(`, ${owner}`) ? where.slice(0, -owner.length - 2) : where;
  const history = [`by ${owner}`, ...(several ? [`process ${place}`] : []), ...piece.history].join(', ');
  const head = `  ${style.strong(pad(word, WORD))}`;
  const blank = ' '.repeat(WORD + 2);
  if (cells(subject) > width) {
    return [head + cut(subject, LONGEST_SUBJECT), ...wrap(history, { indent: blank })];
  }
  const [first = '', ...rest] = wrap(history, { indent: `${blank}${pad(subject, width)}   ` });
  return [head + first.slice(blank.length), ...rest.map((line) => blank + line.trimStart())];
}
