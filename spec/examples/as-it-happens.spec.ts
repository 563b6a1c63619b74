/**
 * The programs in examples/as-it-happens, run as their README says. What they print is compared byte for byte with
 * spec/golden/examples; `UPDATE_GOLDEN=1 npx jest spec/examples` writes it anew.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessResult, ROOT, run } from '../support/run.ts';

const FOLDER = 'examples/as-it-happens';
const GOLDEN = join(ROOT, 'spec/golden/examples');
/** Quick: the types are checked with those of the whole project, by `npm run check`. */
const ENV = {
  TS_NODE_TRANSPILE_ONLY: 'true',
  TS_NODE_COMPILER_OPTIONS: JSON.stringify({ isolatedDeclarations: false, rootDir: ROOT }),
};
const HELPERS = ['report.ts'];

/** The rules that each program reports, in the order in which it prints them. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  deadlock: ['deadlock', 'order-cycle'],
  stalled: ['held-at-exit', 'stalled'],
  'held-at-exit': ['held-at-exit'],
  abandoned: ['abandoned'],
  'sleep-while-held': ['sleep-while-held'],
  'callback-under-lock': ['callback-under-lock'],
  'blocking-while-held': ['blocking-while-held'],
  'long-hold': ['long-hold'],
  'long-wait': ['long-wait'],
};

describe.each(Object.entries(PROGRAMS))('examples/as-it-happens/%s.ts', (name, expected) => {
  let result: ProcessResult;

  beforeAll(async () => {
    const file = join(FOLDER, `${name}.ts`);
    result = await run(['--require', 'ts-node/register', file], { env: ENV, timeoutMs: 55_000 });
  });

  test('runs to its end and complains of nothing else', () => {
    expect(result).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('reports exactly these rules, and says what to do', () => {
    const found = [...result.stdout.matchAll(/^[✗!] ([a-z-]+) {2}/gm)].map(([, rule]) => rule);
    expect(found).toEqual(expected);
    expect(result.stdout.match(/^ {2}Try {2}/gm)).toHaveLength(expected.length);
  });

  test('prints its golden text', () => {
    const file = join(GOLDEN, `as-it-happens-${name}.txt`);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      writeFileSync(file, result.stdout);
    }
    expect(result.stdout).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `(there is no golden text ${file})`);
  });

  test('names no place outside of the project', () => {
    expect(result.stdout).not.toContain(ROOT);
  });
});

test('no program is left out, here or in the README', () => {
  const files = readdirSync(join(ROOT, FOLDER)).filter((file) => file.endsWith('.ts'));
  const programs = Object.keys(PROGRAMS).map((name) => `${name}.ts`);
  expect(files.filter((file) => !HELPERS.includes(file)).sort()).toEqual(programs.sort());
  const readme = readFileSync(join(ROOT, FOLDER, 'README.md'), 'utf8');
  expect([...readme.matchAll(/^\| `([\w-]+\.ts)` /gm)].map(([, name]) => name).sort()).toEqual(programs);
});
