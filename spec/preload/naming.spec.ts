import { nameBefore } from '../../lib/preload/naming.ts';

describe('a lock takes the name of what it is put into', () => {
  it.each([
    ['const a = ', 'a'],
    ['let a: Mutex = ', 'a'],
    ['export const a = ', 'a'],
    ['const a: Map<string, Mutex> =\n  ', 'a'],
    ['const a =\n  ', 'a'],
    ['const état = ', 'état'],
    ['  #a = ', '#a'],
    ['  private readonly a: Mutex = ', 'a'],
    ['  static a = ', 'a'],
    ['  a!: Mutex; b = ', 'b'],
    ['this.#a = ', '#a'],
    ['this.a ??= ', 'a'],
    ['exports.a = ', 'a'],
    ['a.b.c = ', 'a.b.c'],
    ['const { a = ', 'a'],
    ['function f(a = ', 'a'],
    ['constructor(private readonly a: Mutex = ', 'a'],
    ['const a = b = ', 'b'],
    ['if (!m) m = ', 'm'],
    ['return { lock: ', 'lock'],
    ["{ 'my lock': ", 'my lock'],
    ['const a: Record<string, Mutex> = { b: ', 'b'],
    ['const a = withTimeout(', 'a'],
    ['const a = new Guarded(', 'a'],
    ['const a = await makeReady(', 'a'],
    ['const a = check(b, ', 'a'],
    ['const a: Map<string, Array<Mutex>> = ', 'a'],
    ['const a: { b: Mutex; c: number } | null = ', 'a'],
    ['const a: () => Mutex = ', 'a'],
    ['function f<T>(a: Map<T, () => void> = ', 'a'],
    ['  static readonly a: Mutex = ', 'a'],
    ['  a: Mutex\n  b = ', 'b'],
    ['this.locks[id].lock = ', 'locks[*].lock'],
    ['(cache.a ||= ', 'cache.a'],
    ['items.map((x) => ({ lock: ', 'lock'],
  ])('%j → %s', (before, name) => {
    expect(nameBefore(`\n${before}`)).toBe(name);
  });

  it.each([
    ['locks.set(key, ', 'locks[*]'],
    ['this.locks.set(`$' + '{one}, two`, ', 'locks[*]'],
    ['locks[id] ??= ', 'locks[*]'],
    ['locks[ids[0]] = ', 'locks[*]'],
    ['locks.push(', 'locks[*]'],
    ['const locks = Array.from({ length: 3 }, () => ', 'locks[*]'],
    ['const locks = Array.from({ length: 3 },\n  () => ', 'locks[*]'],
    ['const locks = [one, ', 'locks[*]'],
    ['const locks = [', 'locks[*]'],
    ['const locks = new Map([["a", ', 'locks[*]'],
    ['const locks = new Map<string, Mutex>([["a", ', 'locks[*]'],
    ['const locks: readonly Mutex[] = [', 'locks[*]'],
    ['const locks = ids.map((id): Mutex => ', 'locks[*]'],
    ['const locks = ids.map(async (id) => (', 'locks[*]'],
    ['locks[id] = locks[id] ?? ', 'locks[*]'],
  ])('one of many: %j → %s', (before, name) => {
    expect(nameBefore(`\n${before}`)).toBe(name);
  });
});

describe('what stands before the declaration is no name', () => {
  it.each([
    ['// note: the lock of the ledger\nconst a = ', 'a'],
    ['/* see: this */\nconst a = ', 'a'],
    ['switch (kind) {\n  default:\n    this.a = ', 'a'],
    ["  case 'x':\n    a = ", 'a'],
    ['const a = ready ? null : ', 'a'],
    ['const a = ready ? ', 'a'],
    ['const a = given || ', 'a'],
    ['const a = /* fair */ ', 'a'],
    [' * see: this\n */\nconst a = ', 'a'],
    ["const url = 'http://x', a = ", 'a'],
    ['const a = /=>[/]/.test(x) ? null : ', 'a'],
    ['const a = b > 3 && c ? 1 : d ? 2 : ', 'a'],
    ['const a = given ?? ', 'a'],
    ['{ a: ready ? null : ', 'a'],
    ['  case Kind.B: a = ', 'a'],
    ['ready ? b : a = ', 'a'],
  ])('%j → %s', (before, name) => {
    expect(nameBefore(before)).toBe(name);
  });
});

describe('where nothing is declared there is no name', () => {
  it.each([
    'return ',
    'register(',
    'assert.equal(a, ',
    'if (x === ',
    'while (a != ',
    '[key]: ',
    'return a || ',
    'a += ',
    'a >= ',
    'for (const a of ',
    'case 1: ',
    'default: ',
    'getMap().set(key, ',
  ])('%j', (before) => {
    expect(nameBefore(`\n${before}`)).toBeUndefined();
  });
});

it.each([
  ['a minified line', `${'const a=b=>c[d],'.repeat(2_000)}let m=`, 'm'],
  ['a path without an end', `${'a.'.repeat(10_000)} `, undefined],
  ['a word without an end', `${'x'.repeat(16_000)} `, undefined],
])('%s takes no time', (_, line, name) => {
  const start = performance.now();
  expect(nameBefore(`\n${line}`)).toBe(name);
  expect(performance.now() - start).toBeLessThan(3_000);
});

it.each([
  ...[
    '(',
    ')',
    '[',
    ']',
    '<',
    '>',
    "'",
    '\\',
    "'\\",
    '`',
    '/',
    '/*',
    '*/',
    '/[',
    '. ',
    'a.',
    'a:',
    'a?',
    'a?b:',
    'a|',
    '!',
    'é',
  ],
  ...[' ', '\n', '\ud835', 'a=b=>c[d],'],
])('%j, 300000 characters long, takes no time', (unit) => {
  const line = unit.repeat(300_000 / unit.length);
  const start = performance.now();
  for (const end of ['', '=', ' = ', '(', ': ']) {
    nameBefore(line + end);
  }
  expect(performance.now() - start).toBeLessThan(3_000);
});
