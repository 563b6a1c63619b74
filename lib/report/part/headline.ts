/**
 * The first line of a violation, which is enough alone: how serious, which rule, which locks, and the fingerprint at the right.
 */
import type { Violation } from '../../model/violation.ts';
import { cells, padLeft, WIDTH, wrap } from './columns.ts';
import type { Page } from './page.ts';
import { titleOf } from './title.ts';
import { times } from './words.ts';

/** One line, or more where the title is long. */
export function headline(violation: Violation, { style, nameOf }: Page): readonly string[] {
  const isError = violation.severity === 'error';
  const sign = isError ? '✗' : '!';
  const paint = isError ? style.error : style.warning;
  const rule = `${sign} ${violation.rule}   `;
  const seen = violation.count > 1 ? `  ${times(violation.count)}` : '';
  const right = `${violation.confidence}${seen}  ${violation.fingerprint}`;
  const [first = '', ...rest] = wrap(titleOf(violation, nameOf), { indent: rule });
  const line = paint(`${sign} ${violation.rule}`) + style.strong(first.slice(rule.length - 3));
  const room = WIDTH - cells(first);
  if (rest.length === 0 && room >= cells(right) + 2) {
    return [line + style.faint(padLeft(right, room))];
  }
  return [line, ...rest.map(style.strong), style.faint(padLeft(right, WIDTH))];
}
