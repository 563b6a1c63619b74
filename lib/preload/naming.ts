/**
 * What a person calls a lock that has no name: the variable, field or property that it is put into where it is made. Read
 * from the end of the text outwards, token by token: what calls, brackets and operators stand around the lock, up to
 * what it is assigned to. Costs the same on every line, however long: only its end is read.
 */
import { isName, isValueEnd, type Tokens, tokensOf, words } from './tokens.ts';

/** How much of the text is read, in characters. A name further away is none that a person would give. */
const LOOK_BACK = 400;

/** The end of a comment that began further up. */
const COMMENT_TAIL = /^(?:(?!\/\*).)*\*\/(?=.*\n)/;
const ASSIGNMENT = words('= ??= ||= &&=');
const CHOICE = words('|| ?? && ?');
const CLOSERS = words(') ] }');
const BRACKETS = words('( [ {');
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '>': '<' };
const STORED = /^(.+)\.(?:set|push|add|unshift)$/;
const TYPE_OPERATOR = words('| & => extends is');
const TYPE_PREFIX = words('typeof keyof readonly unique infer asserts');
/** Where a list ends, an operand, and the middle of `a ? b : c`, seen from the end. */
const LIST_ENDS = new Set([...BRACKETS, ';']);
const MIDDLE_ENDS = new Set([...LIST_ENDS, ...ASSIGNMENT, ...words('? : , return case throw yield')]);
const OPERAND_ENDS = new Set([...MIDDLE_ENDS, ...CHOICE, '=>']);

/**
 * @param before the source text that stands before the expression that makes the lock
 * @returns the name, or `undefined` where the text shows none
 */
export function nameBefore(before: string): string | undefined {
  const tokens = tokensOf(before.slice(-LOOK_BACK).replace(COMMENT_TAIL, ''));
  let at = tokens.length - 1;
  if (tokens[at] === '.' || tokens[at] === '?.') {
    // The runtime names the place of a method by that of its name.
    at = chain(tokens, at - 1).start - 1;
  }
  let isOneOfMany = false;
  for (;;) {
    const token = tokens[at] ?? '';
    if (ASSIGNMENT.has(token)) {
      const name = annotated(tokens, at - 1) ?? chain(tokens, at - 1).path;
      return isOneOfMany && name !== undefined ? oneOf(name) : name && tidy(name);
    }
    if (token === ':' && choiceOf(tokens, at) === undefined) {
      return property(tokens, at - 1);
    }
    if (token === '(') {
      const [, receiver] = STORED.exec(chain(tokens, calleeEnd(tokens, at)).path ?? '') ?? [];
      if (receiver !== undefined) {
        return oneOf(receiver);
      }
    }
    const out = outwards(tokens, at);
    if (out === undefined) {
      return undefined;
    }
    isOneOfMany ||= token === '[' || token === '=>';
    at = out;
  }
}

/** The last token before the construct that `at` is the beginning of; `undefined` where no name can follow. */
function outwards(tokens: Tokens, at: number): number | undefined {
  const token = tokens[at] ?? '';
  switch (token) {
    case 'await':
    case 'new':
    case 'async':
      return at - 1;
    case '(': {
      const callee = calleeEnd(tokens, at);
      return isValueEnd(tokens[callee]) ? chain(tokens, callee).start - 1 : at - 1;
    }
    case '[':
      return isValueEnd(tokens[at - 1]) ? undefined : at - 1;
    case ',':
      return lastOf(LIST_ENDS, tokens, at - 1);
    case '=>':
      return beforeParameters(tokens, at - 1);
    case ':':
      return choiceOf(tokens, at);
    default:
      return CHOICE.has(token) ? lastOf(OPERAND_ENDS, tokens, at - 1) : undefined;
  }
}

/** The bracket that the one at `at` closes, or -1 if it stands before the text. */
function opening(tokens: Tokens, at: number): number {
  const wanted = OPENING[tokens[at] ?? ''];
  let inner = at - 1;
  for (; inner >= 0 && tokens[inner] !== wanted; inner--) {
    const token = tokens[inner] ?? '';
    if (BRACKETS.has(token)) {
      return -1;
    }
    // Elsewhere than in types `>` is a comparison.
    if (token in OPENING && (token !== '>' || wanted === '<')) {
      inner = opening(tokens, inner);
    }
  }
  return Math.max(inner, -1);
}

/** The last of the tokens `ends` that stands before `at` and not in brackets, or -1. */
function lastOf(ends: ReadonlySet<string>, tokens: Tokens, end: number): number {
  let at = end;
  for (; at >= 0 && !ends.has(tokens[at] ?? ''); at--) {
    if (CLOSERS.has(tokens[at] ?? '')) {
      at = opening(tokens, at);
    }
  }
  return at;
}

/** The `?` that the `:` at `at` belongs to, where it is one of a choice. */
function choiceOf(tokens: Tokens, at: number): number | undefined {
  let open = 1;
  let found = at;
  while (open > 0) {
    found = lastOf(MIDDLE_ENDS, tokens, found - 1);
    if (tokens[found] !== '?' && tokens[found] !== ':') {
      return undefined;
    }
    open += tokens[found] === '?' ? -1 : 1;
  }
  return found;
}

/** `a.b[0].c` and where it begins; the path is what follows the last call in it. */
function chain(tokens: Tokens, end: number): { readonly start: number; readonly path: string | undefined } {
  let path = '';
  let isKnown = true;
  let at = end;
  let start = end + 1;
  while (isValueEnd(tokens[at]) || tokens[at] === '!') {
    const token = tokens[at] ?? '';
    const begin = CLOSERS.has(token) ? opening(tokens, at) : at;
    isKnown &&= token === ']' || token === '!' || token.startsWith('.') || isName(token);
    if (isKnown && token !== '!') {
      path = (token === ']' ? '[*]' : token) + path;
    }
    start = begin;
    at = begin - 1;
    if (token !== '!' && !CLOSERS.has(token) && !token.startsWith('.')) {
      break;
    }
  }
  const known = path.replace(/^\./, '');
  return { start, path: known === '' || known.startsWith('[') ? undefined : known };
}

const oneOf = (name: string): string => `${tidy(name).replace(/\[\*\]$/, '')}[*]`;

function tidy(name: string): string {
  return name.replace(/^(?:this|(?:module\.)?exports)\./, '').replace(/^['"]|['"]$/g, '');
}

function property(tokens: Tokens, at: number): string | undefined {
  const key = tokens[at] ?? '';
  const isKey = isName(key) || /^['"]/.test(key);
  return isKey && ['{', ',', undefined].includes(tokens[at - 1]) ? tidy(key) : undefined;
}

function beforeParameters(tokens: Tokens, end: number): number {
  const before = beforeAnnotation(tokens, end);
  const last = before !== undefined && tokens[before] === ')' ? before : end;
  return tokens[last] === ')' ? calleeEnd(tokens, opening(tokens, last)) : last - 1;
}

/** The end of what stands before the bracket at `bracket` and its type arguments. */
function calleeEnd(tokens: Tokens, bracket: number): number {
  const at = tokens[bracket - 1] === '?.' ? bracket - 2 : bracket - 1;
  return tokens[at] === '>' ? opening(tokens, at) - 1 : at;
}

/** The name before `: Type`, where `end` is the end of a type. */
function annotated(tokens: Tokens, end: number): string | undefined {
  const before = beforeAnnotation(tokens, end);
  if (before === undefined) {
    return undefined;
  }
  const at = tokens[before] === '?' || tokens[before] === '!' ? before - 1 : before;
  const name = tokens[at];
  return isName(name) && !['case', '?'].includes(tokens[at - 1] ?? '') ? name : undefined;
}

function beforeAnnotation(tokens: Tokens, end: number): number | undefined {
  let at = beforeType(tokens, end);
  while (TYPE_OPERATOR.has(tokens[at] ?? '')) {
    at = tokens[at - 1] === ':' ? at - 1 : beforeType(tokens, at - 1);
  }
  return tokens[at] === ':' ? at - 1 : undefined;
}

// One operand: `Name.Name<Argument>[]`, `{ … }`, `(…)`, `[…]`, or a literal.
function beforeType(tokens: Tokens, end: number): number {
  let at = end;
  while (tokens[at] === ']' || tokens[at] === '>') {
    at = opening(tokens, at) - 1;
  }
  if (tokens[at] === ')' || tokens[at] === '}') {
    at = opening(tokens, at) - 1;
  } else if (isValueEnd(tokens[at])) {
    while (tokens[at]?.startsWith('.')) {
      at--;
    }
    at--;
  }
  while (TYPE_PREFIX.has(tokens[at] ?? '')) {
    at--;
  }
  return at;
}
