/**
 * Colour is an option, and never the only sign of anything.
 */

/** Paints a text; without colour it stays as it is. Paint after padding: the codes would count as columns. */
export interface Style {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly good: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly place: (text: string) => string;
}

const plain = (text: string): string => text;

const PLAIN: Style = { error: plain, warning: plain, good: plain, strong: plain, faint: plain, place: plain };

const COLORED: Style = {
  error: code(31, 39),
  warning: code(33, 39),
  good: code(32, 39),
  strong: code(1, 22),
  faint: code(2, 22),
  place: code(36, 39),
};

/** The style for a terminal, or for a file. */
export function styleFor(color: boolean): Style {
  return color ? COLORED : PLAIN;
}

function code(on: number, off: number): (text: string) => string {
  return (text) => (text === '' ? text : `\x1b[${on}m${text}\x1b[${off}m`);
}
