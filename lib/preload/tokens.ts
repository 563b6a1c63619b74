/**
 * The end of a source text as tokens.
 */

const NAME = String.raw`[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*`;
/** One token, so that a member may be called like a keyword. */
const MEMBER = String.raw`\??\.\s*${NAME}`;
const STRING = String.raw`'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\x60(?:[^\x60\\]|\\[^])*\x60`;
const OPERATOR = String.raw`=>|(?:\?\?|\|\||&&)=?|[=!]==?|\?\.(?!\d)|\.\.\.|[-+*/%&|^<>]=|[^\s]`;
const COMMENT = String.raw`\/\/.*|\/\*[^]*?(?:\*\/|$)`;
const TOKEN = new RegExp(String.raw`(${COMMENT})|(?:${STRING})|${MEMBER}|${NAME}|\d[\w.]*|${OPERATOR}`, 'gu');
const REGEX = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;

const IS_NAME = new RegExp(`^${NAME}$`, 'u');
export const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
/** Words that stand before a value and are none. */
const KEYWORDS = words(
  'return typeof case in of new await else do void delete throw yield const let var if while for switch catch default extends export instanceof async',
);

export type Tokens = readonly string[];

export function tokensOf(text: string): Tokens {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
    const [token, comment] = found;
    REGEX.lastIndex = found.index;
    if (token.startsWith('/') && comment === undefined && !isValueEnd(tokens.at(-1)) && REGEX.test(text)) {
      tokens.push('/…/');
      TOKEN.lastIndex = REGEX.lastIndex;
    } else if (comment === undefined) {
      tokens.push(token.replace(/^\??\.\s*(?=[^.\s])/, '.'));
    }
  }
  return tokens;
}

/** Whether a value ends with this token, so that a bracket after it belongs to it. */
export function isValueEnd(token: string | undefined): boolean {
  return token !== undefined && (/^(?:[)\]}'"`\d]|\/…|\.[^.])/.test(token) || isName(token));
}

export function isName(token: string | undefined): token is string {
  return token !== undefined && IS_NAME.test(token) && !KEYWORDS.has(token);
}
