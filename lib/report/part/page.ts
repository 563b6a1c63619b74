/**
 * What every block of the text report is given, and the pieces that most of them share.
 */
import type { Violation } from '../../model/violation.ts';
import { wrap } from './columns.ts';
import { heldName, type NameOf } from './names.ts';
import type { Style } from './style.ts';
import { list } from './words.ts';

/** How to write one violation. */
export interface Page {
  readonly style: Style;
  readonly nameOf: NameOf;
}

/** Paragraphs; a blank line goes between two. */
export type Block = readonly (readonly string[])[];

/** What the owner held, or nothing to write. */
export function heldLines({ owner, held }: Violation, { nameOf }: Page): readonly string[] {
  if (held.length === 0) {
    return [];
  }
  return wrap(`${owner} holds ${list(held.map((one) => heldName(one, nameOf)))}`, { indent: '  ' });
}

/** What to do about it. */
export function tryLines(remedy: string, { style }: Page): readonly string[] {
  const [first = '', ...rest] = wrap(remedy, { indent: '  Try  ' });
  return [`  ${style.good('Try')}${first.slice('  Try'.length)}`, ...rest];
}
