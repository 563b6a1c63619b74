/**
 * The one place where text that comes from a program under test is made fit for a terminal. Names of locks and owners,
 * paths and source lines may hold anything: line breaks that forge a line of the report, escape codes that repaint it,
 * marks that turn the direction of the text. They are shown as escapes, and what is too long is cut.
 */
import { shorten } from '../../model/shorten.ts';

/** Control and format characters, line and paragraph separators, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const NAME_LIMIT = 48;
const LIMIT = 300;
const MESSAGE_LIMIT = 1000;

/** Longest text by field of the model; any other field has `LIMIT`. A class key is an identity and is never printed. */
const LIMITS: ReadonlyMap<string, number> = new Map([
  ['name', NAME_LIMIT],
  ['owner', NAME_LIMIT],
  ['thread', NAME_LIMIT],
  ['kind', NAME_LIMIT],
  ['version', NAME_LIMIT],
  ['context', NAME_LIMIT],
  ['declared', NAME_LIMIT],
  ['lockKey', NAME_LIMIT],
  ['label', 2 * NAME_LIMIT],
  ['message', MESSAGE_LIMIT],
  ['why', MESSAGE_LIMIT],
  ['notes', MESSAGE_LIMIT],
  ['limits', MESSAGE_LIMIT],
  ['key', Number.POSITIVE_INFINITY],
]);

/** A copy of plain data in which every text is fit to be printed. */
export function printable<T>(data: T): T {
  return copy(data, '') as T;
}

function copy(value: unknown, field: string): unknown {
  if (typeof value === 'string') {
    return field === 'key' ? value : shorten(escapeUnprintable(value), LIMITS.get(field) ?? LIMIT);
  }
  if (Array.isArray(value)) {
    return value.map((item) => copy(item, field));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copy(item, name)]));
  }
  return value;
}

function escapeUnprintable(text: string): string {
  return text.replaceAll('\t', ' ').replace(UNPRINTABLE, escapeOne);
}

function escapeOne(character: string): string {
  if (character === '\n') {
    return '\\n';
  }
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
