/**
 * How it locks up, step by step. Up to three owners stand side by side, more of them (or long names) give a list.
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

/** What one of the actors does next. */
export interface Turn {
  /** Index of the actor. */
  readonly actor: number;
  readonly text: string;
}

export interface Play {
  readonly names: readonly string[];
  /** In the order of time. Never empty. */
  readonly turns: readonly Turn[];
  /** What all this comes to. @default 'nobody can go on' */
  readonly end?: string;
  /** @default 'How it can lock up' */
  readonly heading?: string;
}

const MOST_COLUMNS = 3;
const GAP = 3;
const NUMBERS = 6;
const END = 'nobody can go on';
const HEADING = 'How it can lock up';

/** The play in which every owner takes its first lock, and then every owner waits. */
export function scenario(actors: readonly Actor[], style: Style): readonly string[] {
  return play(
    { names: actors.map(({ name }) => name), turns: [...takingTurns(actors), ...waitingTurns(actors)] },
    style,
  );
}

/** The first half: every owner, from this index on, takes its first lock. */
export function takingTurns(actors: readonly Actor[], from: number = 0): readonly Turn[] {
  return actors.map(({ takes }, at) => ({ actor: from + at, text: takes }));
}

/** The second half: every owner, from this index on, waits. */
export function waitingTurns(actors: readonly Actor[], from: number = 0): readonly Turn[] {
  return actors.map(({ waits }, at) => ({ actor: from + at, text: waits }));
}

/** Any play, with a heading. */
export function play({ names, turns, end = END, heading = HEADING }: Play, style: Style): readonly string[] {
  const head = `  ${style.strong(heading)}`;
  const widths = names.map((name, at) => {
    const texts = turns.filter(({ actor }) => actor === at).map(({ text }) => cells(text));
    return Math.max(cells(name), ...texts) + GAP;
  });
  const total = widths.reduce((sum, width) => sum + width, NUMBERS + cells(end));
  const isWide = names.length > MOST_COLUMNS || total > WIDTH;
  const lines = isWide ? asList(names, turns) : asColumns(names, turns, widths);
  const last = style.strong(end);
  // Behind the words of the last column, and nowhere else, it is not taken for what another owner does.
  const isBehind = !isWide && turns.at(-1)?.actor === names.length - 1;
  return isBehind
    ? [head, ...lines.slice(0, -1), `${lines.at(-1)}${' '.repeat(GAP)}${last}`]
    : [head, ...lines, ' '.repeat(NUMBERS) + last];
}

function asColumns(names: readonly string[], turns: readonly Turn[], widths: readonly number[]): readonly string[] {
  const heads = names.map((name, at) => pad(name, widths[at] ?? 0)).join('');
  const lines = turns.map(({ actor, text }, step) => {
    const before = widths.slice(0, actor).reduce((sum, width) => sum + width, 0);
    return number(step) + ' '.repeat(before) + text;
  });
  return [' '.repeat(NUMBERS) + heads.trimEnd(), ...lines];
}

function asList(names: readonly string[], turns: readonly Turn[]): readonly string[] {
  return turns.flatMap(({ actor, text }, step) => wrap(`${names[actor]} ${text}`, { indent: number(step) }));
}

function number(step: number): string {
  return `${String(step + 1).padStart(NUMBERS - 2)}  `;
}
