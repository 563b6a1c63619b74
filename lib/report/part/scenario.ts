/**
 * How it locks up, step by step: every owner takes its first lock, then every owner waits. Up to three owners stand side by
 * side, more of them (or long names) give a list.
 */
import { cells, pad, WIDTH, wrap } from './columns.ts';
import type { Style } from './style.ts';

/** One part in the play. */
export interface Actor {
  readonly name: string;
  /** Such as `takes orders`. */
  readonly takes: string;
  /** Such as `waits for ledger`. */
  readonly waits: string;
}

const MOST_COLUMNS = 3;
const GAP = 3;
const NUMBERS = 6;
const END = 'nobody can go on';

/** The play, with a heading. */
export function scenario(actors: readonly Actor[], style: Style): readonly string[] {
  const heading = `  ${style.strong('How it can lock up')}`;
  const widths = actors.map(({ name, takes, waits }) => Math.max(cells(name), cells(takes), cells(waits)) + GAP);
  const total = widths.reduce((sum, width) => sum + width, NUMBERS + cells(END));
  if (actors.length > MOST_COLUMNS || total > WIDTH) {
    return [heading, ...asList(actors, style)];
  }
  return [heading, ...asColumns(actors, widths, style)];
}

function asColumns(actors: readonly Actor[], widths: readonly number[], style: Style): readonly string[] {
  const heads = actors.map(({ name }, at) => pad(name, widths[at] ?? 0)).join('');
  const lines = [' '.repeat(NUMBERS) + heads.trimEnd()];
  for (const [step, { column, text, isLast }] of cast(actors).entries()) {
    const before = widths.slice(0, column).reduce((sum, width) => sum + width, 0);
    const end = isLast ? `${' '.repeat(GAP)}${style.strong(END)}` : '';
    lines.push(number(step) + ' '.repeat(before) + text + end);
  }
  return lines;
}

function asList(actors: readonly Actor[], style: Style): readonly string[] {
  const lines = cast(actors).flatMap(({ name, text }, step) => wrap(`${name} ${text}`, { indent: number(step) }));
  return [...lines, ' '.repeat(NUMBERS) + style.strong(END)];
}

function cast(actors: readonly Actor[]): readonly { column: number; name: string; text: string; isLast: boolean }[] {
  const firsts = actors.map(({ name, takes }, column) => ({ column, name, text: takes, isLast: false }));
  const seconds = actors.map(({ name, waits }, column) => {
    return { column, name, text: waits, isLast: column === actors.length - 1 };
  });
  return [...firsts, ...seconds];
}

function number(step: number): string {
  return `${String(step + 1).padStart(NUMBERS - 2)}  `;
}
