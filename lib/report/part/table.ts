/**
 * Tables: a head and rows of cells, names to the left and numbers to the right.
 */
import { cells, cut, pad, padLeft } from './columns.ts';

/** A column: what stands above it and in each of its rows. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Blanks before it. @default 2 */
  readonly gap?: number;
  /** Cut to this many cells; such a column is one of names. Numbers are never cut. */
  readonly most?: number;
}

/** The lines, the head first. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const filled = columns.map((column) => fill(column, rows));
  return ['', ...rows].map((_, at) =>
    filled
      .map((column) => column[at] ?? '')
      .join('')
      .trimEnd(),
  );
}

function fill<Row>({ head, cell, gap = 2, most }: Column<Row>, rows: readonly Row[]): readonly string[] {
  const texts = [head, ...rows.map(cell)].map((text) => (most === undefined ? text : cut(text, most)));
  const width = Math.max(...texts.map(cells));
  const blank = ' '.repeat(gap);
  return texts.map((text) => blank + (most === undefined ? padLeft(text, width) : pad(text, width)));
}
