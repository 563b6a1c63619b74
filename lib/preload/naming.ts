/**
 * What a person calls a lock that has no name: the variable, field or property that it is put into where it is made.
 */

const NAME = String.raw`[\p{ID_Start}$_#][\p{ID_Continue}$‌‍]*`;
const PATH = String.raw`(?:${NAME}\.)*${NAME}`;
const TYPE = String.raw`(?:\s*[?!]?\s*:[^=;]*)?`;

/** Calls that the new lock is handed to at once, such as `withTimeout(new Mutex(), 100)`. */
const ENCLOSING_CALL = new RegExp(String.raw`(?:\bawait\s+|\bnew\s+|\b${PATH}\()\s*$`, 'u');
const ASSIGNED = new RegExp(String.raw`(${PATH})${TYPE}\s*(?:\?\?|\|\||&&)?=\s*$`, 'u');
const PROPERTY = new RegExp(String.raw`(${NAME}|'[^']+'|"[^"]+")\s*:\s*$`, 'u');
const STORED = new RegExp(String.raw`(${PATH})\.(?:set\(.*,|push\(|add\(|unshift\()\s*$`, 'u');
const ELEMENT = new RegExp(String.raw`(${PATH})\[[^\]]*\]\s*(?:\?\?|\|\|)?=\s*$`, 'u');
const MADE_IN_BULK = new RegExp(String.raw`(?:const|let|var)\s+(${NAME})${TYPE}\s*=\s*\S.*(?:=>|\[|,)\s*\(?\s*$`, 'u');

/**
 * @param before the source text that stands before the expression that makes the lock
 * @returns the name, or `undefined` where the text shows none
 */
export function nameBefore(before: string): string | undefined {
  const text = before.replace(/\s+/g, ' ');
  const stored = STORED.exec(text)?.[1] ?? ELEMENT.exec(text)?.[1];
  if (stored !== undefined) {
    return `${tidy(stored)}[*]`;
  }
  const direct = withoutCalls(text);
  const single = ASSIGNED.exec(direct)?.[1] ?? PROPERTY.exec(direct)?.[1];
  if (single !== undefined) {
    return tidy(single);
  }
  const bulk = MADE_IN_BULK.exec(text)?.[1];
  return bulk === undefined ? undefined : `${tidy(bulk)}[*]`;
}

function withoutCalls(text: string): string {
  let rest = text;
  for (let next = rest.replace(ENCLOSING_CALL, ''); next !== rest; next = rest.replace(ENCLOSING_CALL, '')) {
    rest = next;
  }
  return rest;
}

function tidy(name: string): string {
  return name
    .replace(/^this\./, '')
    .replace(/^(?:module\.)?exports\./, '')
    .replace(/^['"]|['"]$/g, '');
}
