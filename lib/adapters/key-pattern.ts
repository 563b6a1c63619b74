/**
 * What a key stands for: the parts of it that vary from one to the next are left out, so that all accounts are one class. The
 * first pattern of the user's that fits is taken; else one is made from the key, by these rules, in this order:
 *
 * 1. E-mail addresses, dates with or without a time, and UUIDs vary: `mail:alice@example.com` is `mail:*@*`.
 * 2. Numbers vary. So does a word with digits that is no name: one that begins with a digit (`5f3a`), has letters after its
 *    digits and at least 6 characters (`NffrFeUfNV2Hib`), or is a hexadecimal number of at least 8. Of another one
 *    the digits vary: `account17` is `account*`, `i18n` is `i*n`.
 * 3. Words joined by `-`, `_`, `.`, `+` or `~` are one thing. Where more than half of them vary all of it does, but for a first
 *    word that does not: `user-5f3a-9bc1` is `user-*`, `V1StGXR8_Z5jdHi6B-myT` is `*`, and `k_5f3a9c` is `k_*`
 *    anyway.
 * 4. Where nothing varies so far, and there are colons, each second part does: `user:alice` is `user:*`, `user:alice:inbox` is
 *    `user:*:inbox`.
 * 5. Where nothing varies so far, and there are slashes, the last part does, but for the kind of file: `data/users.json` is
 *    `data/*.json`.
 *
 * What is left, such as `config`, is a name. Keys that are put together although they are names lose nothing: two of one class
 * that are nested in both orders are found, too.
 */

/** A pattern that the user gives: `account:*`. */
export interface KeyPattern {
  readonly pattern: string;
  /** Whether the code takes keys of this pattern in the order of their texts: then one against it is a finding at once. */
  readonly sorted?: boolean;
}

/** Of a longer key the beginning is looked at. */
const LOOKED_AT = 256;
const LONGEST = 80;
const DATE = String.raw`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?`;
const UUID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
const VARYING = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${DATE}|${UUID})(?![\p{L}\p{N}])`, 'giu');
const EMAIL = /[^\s@:/|]+@[^\s@:/|]+\.[^\s@:/|]+/gu;
const JOINED = /[\p{L}\p{N}*]+(?:[-_.+~][\p{L}\p{N}*]+)*/gu;
const WORD = /[\p{L}\p{N}*]+/gu;
// They would break the lines of a report. Half of a character may be left where a key was cut.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/gu;

/** The first of the given patterns that fits, else one that is made from the key. */
export function patternOf(key: string, given: readonly KeyPattern[]): KeyPattern {
  return given.find(({ pattern }) => fits(key, pattern)) ?? { pattern: derived(key) };
}

function derived(key: string): string {
  const text = key.slice(0, LOOKED_AT).replace(UNPRINTABLE, '\u{FFFD}');
  const varying = text.replace(EMAIL, '*@*').replace(VARYING, '*').replace(JOINED, varyingIn);
  const pattern = withValues(varying).replace(/\*(?:[,=]*\*)+=*|\*=+$/g, '*');
  return pattern.length > LONGEST || key.length > LOOKED_AT ? `${cut(pattern)}…` : pattern;
}

function varyingIn(joined: string): string {
  const words = joined.match(WORD) ?? [];
  const patterns = words.map(patternOfWord);
  const count = patterns.filter((one) => one === '*').length;
  if (count * 2 > patterns.length) {
    const [first] = patterns;
    return first === '*' ? '*' : `${first}${joined.charAt(words[0]?.length ?? 0)}*`;
  }
  let at = 0;
  return joined.replace(WORD, () => patterns[at++] ?? '*');
}

function patternOfWord(word: string): string {
  if (!/\p{N}/u.test(word)) {
    return word.includes('*') ? '*' : word;
  }
  const isMixed = /\p{N}[^\p{N}]/u.test(word);
  const isValue = /^\p{N}/u.test(word) || (isMixed && word.length >= 6) || /^[0-9a-f]{8,}$/i.test(word);
  return isValue ? '*' : word.replace(/\p{N}+/gu, '*');
}

/** Parts of a structured key that vary although they look like names. */
function withValues(text: string): string {
  if (text.includes('*')) {
    return text;
  }
  if (text.includes(':')) {
    return text
      .split(':')
      .map((part, at) => (at % 2 === 1 ? '*' : part))
      .join(':');
  }
  return text.replace(/(?<=[/\\])[^/\\]+$/, (last) => `*${/(?<=.)\.[a-z]{1,5}$/i.exec(last)?.[0] ?? ''}`);
}

const cut = (pattern: string): string => pattern.slice(0, LONGEST).replace(/\p{Cs}$/u, '');

/** Whether a key fits a pattern in which `*` stands for any text. Linear in the key for each star. */
export function fits(key: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) {
    return key === pattern;
  }
  if (!key.startsWith(first) || key.length < first.length + last.length || !key.endsWith(last)) {
    return false;
  }
  let at = first.length;
  const end = key.length - last.length;
  return rest.every((part) => {
    const found = key.indexOf(part, at);
    at = found + part.length;
    return found >= 0 && at <= end;
  });
}

/** The text of a key, without a call of the program's code. */
export function textOf(key: unknown): string {
  switch (typeof key) {
    case 'string':
      return key;
    case 'symbol':
      return key.description ?? 'symbol';
    case 'object':
    case 'function':
      return key === null ? 'null' : 'object';
    default:
      return String(key);
  }
}
