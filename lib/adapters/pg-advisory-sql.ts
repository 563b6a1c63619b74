/**
 * Finds the calls of PostgreSQL's advisory-lock functions in the text of a query, and the keys that they are called with. Read
 * token by token, so that strings, comments and quoted names are no calls.
 */

export interface AdvisoryCall {
  readonly action: 'lock' | 'unlock' | 'unlock-all';
  readonly isTry: boolean;
  readonly isShared: boolean;
  /** Held to the end of the transaction, not to that of the session. */
  readonly ofTransaction: boolean;
  readonly args: readonly Tokens[];
  /** Which statement of the text it stands in. */
  readonly statement: number;
  /** The column of the result that has its value; `null` where it is a part of an expression. */
  readonly column: string | null;
}

export interface AdvisoryKey {
  /** What the key is called. */
  readonly text: string;
  /** What tells it from all others. */
  readonly id: string;
  /** Whether it stands in the text of the query as it is. */
  readonly isLiteral: boolean;
}

type Tokens = readonly string[];

const ANY = /pg_(?:try_)?advisory_/i;
const CALL = /^pg_(try_)?advisory_(xact_)?(lock|unlock|unlock_all)(_shared)?$/;
const TOKEN =
  /--[^\n]*|\/\*.*?\*\/|[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|"(?:[^"]|"")*"|\$\d+|\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_$]*|::|[^\s]/gsu;
const WORD = /^[\p{L}_]/u;
/** Statements that run what stands in them. */
const RUN = new Set(['select', 'with', 'values', '(']);
/** Words that follow a column and do not name it. */
const NO_NAME = new Set(
  'from where group having order limit offset fetch union intersect except for window and or is in then else end when'.split(
    ' ',
  ),
);
const REMEMBERED = 500;

const known = new Map<string, readonly AdvisoryCall[]>();
const NONE: readonly AdvisoryCall[] = [];

/** The calls in the text of a query, in their order. */
export function advisoryCalls(text: string): readonly AdvisoryCall[] {
  if (!ANY.test(text)) {
    return NONE;
  }
  const found = known.get(text) ?? statementsOf(text).flatMap(callsOf);
  if (known.size >= REMEMBERED) {
    known.clear();
  }
  known.set(text, found);
  return found;
}

function statementsOf(text: string): readonly Tokens[] {
  const statements: string[][] = [[]];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ';') {
      statements.push([]);
    } else if (!token.startsWith('--') && !token.startsWith('/*')) {
      statements.at(-1)?.push(token);
    }
  }
  return statements.filter(({ length }) => length > 0);
}

function callsOf(tokens: Tokens, statement: number): readonly AdvisoryCall[] {
  return RUN.has(tokens[0]?.toLowerCase() ?? '')
    ? tokens.flatMap((token, at) => callAt(tokens, at, { name: token.toLowerCase(), statement }))
    : [];
}

function callAt(tokens: Tokens, at: number, { name, statement }: { name: string; statement: number }): AdvisoryCall[] {
  const [isCall, isTry, ofTransaction, action, isShared] = CALL.exec(name) ?? [];
  if (isCall === undefined || tokens[at + 1] !== '(') {
    return [];
  }
  const { args, end } = argumentsAt(tokens, at + 2);
  return [
    {
      action: action === 'unlock_all' ? 'unlock-all' : (action as 'lock' | 'unlock'),
      isTry: isTry !== undefined,
      isShared: isShared !== undefined,
      ofTransaction: ofTransaction !== undefined,
      args,
      statement,
      column: columnAfter(tokens, end, name),
    },
  ];
}

function argumentsAt(tokens: Tokens, start: number): { args: readonly Tokens[]; end: number } {
  const args: string[][] = [[]];
  let depth = 1;
  let at = start;
  for (; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (depth === 0) {
      break;
    }
    if (token === ',' && depth === 1) {
      args.push([]);
    } else {
      args.at(-1)?.push(token);
    }
  }
  return { args: args.filter(({ length }) => length > 0), end: at + 1 };
}

function columnAfter(tokens: Tokens, start: number, name: string): string | null {
  let at = start;
  while (tokens[at] === '::') {
    at += 2;
  }
  const next = tokens[at]?.toLowerCase();
  if (next === 'as') {
    return unquoted(tokens[at + 1] ?? name);
  }
  if (next === undefined || next === ',' || NO_NAME.has(next)) {
    return name;
  }
  return WORD.test(next) || next.startsWith('"') ? unquoted(tokens[at] ?? name) : null;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

/** The key that a function is called with; `null` where the text does not tell, as where it comes from a column. */
export function keyOf(args: readonly Tokens[], values: readonly unknown[]): AdvisoryKey | null {
  const parts = args.map((arg) => partOf(arg, values));
  if (parts.length === 0 || parts.includes(null)) {
    return null;
  }
  const known = parts as readonly Part[];
  const id = known.map((part) => part.id).join(',');
  return { id, text: known.map((part) => part.text).join(', '), isLiteral: known.every((part) => part.isLiteral) };
}

type Part = AdvisoryKey;

function partOf(tokens: Tokens, values: readonly unknown[]): Part | null {
  const plain = tokens.filter((token, at) => token !== '::' && tokens[at - 1] !== '::');
  let id = '';
  let isLiteral = true;
  const strings: string[] = [];
  for (const [at, token] of plain.entries()) {
    const isParameter = /^\$\d/.test(token);
    const value = isParameter ? values[Number(token.slice(1)) - 1] : token;
    const text = isParameter ? valueText(value) : tokenText(token, plain[at + 1] === '(');
    if (text === null) {
      return null;
    }
    isLiteral &&= !isParameter;
    id += text;
    if (isParameter || /^[\d'eE$]/.test(token)) {
      strings.push(text);
    }
  }
  // What is hashed says more than that it is hashed.
  const [only] = strings;
  const text = strings.length === 1 && only !== undefined && !/^-?\d+$/.test(only) ? only : id;
  return { id, text, isLiteral };
}

function valueText(value: unknown): string | null {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : null;
}

function tokenText(token: string, isCalled: boolean): string | null {
  if (WORD.test(token)) {
    return /^[eE]'/.test(token) ? token.slice(2, -1) : isCalled ? token.toLowerCase() : null;
  }
  if (token.startsWith("'")) {
    return token.slice(1, -1).replaceAll("''", "'");
  }
  return token.startsWith('"') ? null : token;
}
