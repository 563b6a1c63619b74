/**
 * Rows of places: what stands there, where it is so that a click opens it, and the source line.
 */
import type { Place } from '../report.ts';
import { cells, cut, pad, WIDTH } from './columns.ts';
import { place } from './names.ts';
import type { Style } from './style.ts';

/** Widths of the columns, shared by all rows of one violation. */
export interface SiteColumns {
  readonly label: number;
  readonly where: number;
}

const INDENT = 6;
const GAP = 3;
const WIDEST_LABEL = 36;
const WIDEST_PLACE = 48;
/** A source line that would be cut to less says nothing. */
const SHORTEST_TEXT = 16;

/** The widths that fit all these rows. A row that is wider than most may stick out. */
export function siteColumns(places: readonly Place[]): SiteColumns {
  const labels = places.map(({ label }) => cells(label));
  const wheres = places.map((row) => cells(whereOf(row)));
  return { label: widest(labels, WIDEST_LABEL), where: widest(wheres, WIDEST_PLACE) };
}

/** The rows, one line each; a place that does not fit behind its label gets a line of its own. */
export function siteRows(
  places: readonly Place[],
  style: Style,
  columns: SiteColumns = siteColumns(places),
): readonly string[] {
  return places.flatMap((row) => siteRow(row, style, columns));
}

function siteRow(row: Place, style: Style, columns: SiteColumns): string[] {
  const label = ' '.repeat(INDENT) + pad(row.label, columns.label) + ' '.repeat(GAP);
  const where = whereOf(row);
  if (cells(label) + cells(where) > WIDTH) {
    return [label.trimEnd(), ' '.repeat(INDENT + GAP) + style.place(where) + mark(row, style)];
  }
  const used = cells(label) + Math.max(columns.where, cells(where)) + GAP;
  const room = WIDTH - used - (row.mark === undefined ? 0 : cells(mark(row)));
  const text = room < SHORTEST_TEXT ? '' : cut(sourceOf(row), room);
  if (text === '') {
    return [label + style.place(where) + mark(row, style)];
  }
  return [label + style.place(pad(where, columns.where)) + ' '.repeat(GAP) + text + mark(row, style)];
}

function whereOf({ site }: Place): string {
  return site === null ? '(place not recorded)' : place(site);
}

/** The source line, or else the function that the place stands in. */
function sourceOf({ site }: Place): string {
  if (site?.text !== undefined && site.text !== '') {
    return site.text;
  }
  return site?.function === undefined ? '' : `in ${site.function}`;
}

function mark(row: Place, style?: Style): string {
  if (row.mark === undefined) {
    return '';
  }
  const text = `◀ ${row.mark}`;
  return ' '.repeat(GAP) + (style === undefined ? text : style.strong(text));
}

function widest(widths: readonly number[], limit: number): number {
  return Math.max(0, ...widths.filter((width) => width <= limit));
}
