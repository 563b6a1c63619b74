// What keys stand for: realistic ones, hostile ones, and patterns held against a slow and obvious matcher.
import fc from 'fast-check';
import { fits, type KeyPattern, patternOf, textOf } from '../../lib/adapters/key-pattern.ts';

const made = (key: string): string => patternOf(key, []).pattern;

// Any text in the place of each star: tried letter by letter.
function fitsNaively(key: string, pattern: string): boolean {
  if (pattern === '') {
    return key === '';
  }
  if (pattern[0] !== '*') {
    return key[0] === pattern[0] && fitsNaively(key.slice(1), pattern.slice(1));
  }
  return Array.from({ length: key.length + 1 }, (_, at) => key.slice(at)).some((rest) =>
    fitsNaively(rest, pattern.slice(1)),
  );
}

describe('fits', () => {
  // Few letters, so that they meet.
  const few = (letters: string): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });

  it('says what a naive matcher says', () => {
    fc.assert(
      fc.property(few('ab:'), few('ab:*'), (key, pattern) => fits(key, pattern) === fitsNaively(key, pattern)),
      { numRuns: 3_000 },
    );
  });

  it('takes a key for what its pattern was made of', () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom(...'ab:1'), maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(parts, fc.infiniteStream(few('ab')), (texts, fillings) => {
        const key = texts.map((text, at) => (at === 0 ? text : `${fillings.next().value}${text}`)).join('');
        return fits(key, texts.join('*'));
      }),
    );
  });

  it.each([
    ['account:17', 'account:*', true],
    ['account:', 'account:*', true],
    ['account', 'account:*', false],
    ['aba', 'ab*ba', false],
    ['', '*', true],
    ['a', '', false],
    ['a*c', 'a*c', true],
    ['account:17', 'Account:*', false],
  ])('%p, %p: %p', (key, pattern, expected) => {
    expect(fits(key, pattern)).toBe(expected);
  });
});

describe('patternOf', () => {
  it('takes the first pattern of the user that fits, as it is', () => {
    const given: KeyPattern[] = [{ pattern: 'b:*' }, { pattern: 'a:*:x', sorted: true }, { pattern: 'a:*' }];
    expect(patternOf('a:1:x', given)).toBe(given[1]);
    expect(patternOf('a:1', given)).toBe(given[2]);
    expect(patternOf('c:1', given)).toEqual({ pattern: 'c:*' });
  });

  it.each([
    ['names', 'config', 'config'],
    ['names', 'users', 'users'],
    ['names', 'import users', 'import users'],
    ['names', 'user_profile', 'user_profile'],
    ['names', 'deadbeef', 'deadbeef'],
    ['numbers', '17', '*'],
    ['numbers', 'account:17', 'account:*'],
    ['numbers', 'account17', 'account*'],
    ['numbers', 'lock:account:17', 'lock:account:*'],
    ['numbers', '3.14', '*'],
    ['numbers', '1,2,3', '*'],
    ['numbers', 'file-12.txt', 'file-*.txt'],
    ['numbers', '12-users', '*-users'],
    ['numbers', '192.168.0.1', '*'],
    ['words with digits', 'i18n', 'i*n'],
    ['words with digits', 'oauth2', 'oauth*'],
    ['UUIDs', '123e4567-e89b-12d3-a456-426614174000', '*'],
    ['UUIDs', 'user:123E4567-E89B-12D3-A456-426614174000:cart', 'user:*:cart'],
    ['ids', '507f1f77bcf86cd799439011', '*'],
    ['ids', 'k_5f3a9c', 'k_*'],
    ['ids', 'cus_NffrFeUfNV2Hib', 'cus_*'],
    ['ids', 'user-5f3a-9bc1', 'user-*'],
    ['ids', 'V1StGXR8_Z5jdHi6B-myT', '*'],
    ['base64', 'order:aGVsbG8gd29ybGQxMg==', 'order:*'],
    ['base64', 'aGVsbG8gd29ybGQ=', '*'],
    ['dates', '2024-05-01', '*'],
    ['dates', 'report:2024-05-01T10:00:00.000Z', 'report:*'],
    ['dates', 'report:2024-05-01T10:00:00+02:00:draft', 'report:*:draft'],
    ['e-mail addresses', 'alice@example.com', '*@*'],
    ['e-mail addresses', 'mail:al.ice+x@mail.example.com', 'mail:*@*'],
    ['values', 'user:alice', 'user:*'],
    ['values', 'user:alice:inbox', 'user:*:inbox'],
    ['values', 'tenant:acme:user:bob', 'tenant:*:user:*'],
    ['paths', 'data/users.json', 'data/*.json'],
    ['paths', '/home/alice/notes', '/home/alice/*'],
    ['paths', '/data/2024/report.txt', '/data/*/report.txt'],
    ['other scripts', 'ключ:17', 'ключ:*'],
    ['other scripts', '用户17', '用户*'],
    ['hostile keys', '', ''],
    ['hostile keys', '__proto__', '__proto__'],
    ['hostile keys', 'constructor', 'constructor'],
    ['hostile keys', 'a\nb\u001B[31m', 'a\u{FFFD}b\u{FFFD}[*'],
    ['hostile keys', 'a\u2028b\uD800', 'a\u{FFFD}b\u{FFFD}'],
    ['hostile keys', '*', '*'],
    ['hostile keys', '$&:17', '$&:*'],
  ])('%s: %p is %p', (_, key, pattern) => {
    expect(made(key)).toBe(pattern);
  });

  it.each<[string, fc.Arbitrary<unknown>]>([
    ['numbers', fc.nat()],
    ['UUIDs', fc.uuid()],
    ['e-mail addresses', fc.emailAddress().filter((address) => /^[\w.@-]+$/.test(address) && address.length < 60)],
    [
      'dates',
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
    ],
    ['names', fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 1, maxLength: 20 })],
  ])('all %s behind one prefix are one class', (_, values) => {
    const pattern = (value: unknown): string => made(`account:${value}`).replace('*@*', '*');
    fc.assert(fc.property(values, (value) => expect(pattern(value)).toBe('account:*')));
  });

  it('gives a short line for any text, the same each time', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ minLength: 300, maxLength: 400 }));
    fc.assert(
      fc.property(texts, (key) => {
        const pattern = made(key);
        expect(pattern.length).toBeLessThanOrEqual(81);
        expect(pattern).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
        expect(made(key)).toBe(pattern);
      }),
    );
  });

  it.each([
    'a',
    '1',
    'a1',
    '-',
    'a-',
    '1-',
    '@',
    'a@',
    '.',
    'a.',
    '*',
    '=',
    ':',
    '/',
    '\\',
    ' ',
    '\n',
    '😀',
    '2024-05-01',
  ])('of %p, over and over, takes no longer than it is long', (part) => {
    const millisecondsFor = (key: string): number => {
      const start = performance.now();
      made(key);
      fits(key, `${part}*${part}*x`);
      return performance.now() - start;
    };
    // Something that takes the square of the length takes half a minute for this one.
    expect(millisecondsFor(part.repeat(200_000))).toBeLessThan(1_000);
    expect(made(part.repeat(200_000)).length).toBeLessThanOrEqual(81);
  });
});

describe('textOf', () => {
  const failing = {
    toString: (): never => {
      throw new Error('the key was asked');
    },
  };

  it.each([
    ['a', 'a'],
    ['', ''],
    [17, '17'],
    [-0, '0'],
    [17n, '17'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('a'), 'a'],
    [Symbol(), 'symbol'],
    [{}, 'object'],
    [failing, 'object'],
    [Object.create(null), 'object'],
    [() => {}, 'object'],
  ])('%p is %p', (key, text) => {
    expect(textOf(key)).toBe(text);
  });
});
