import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Io } from '../../lib/cli/io.ts';
import { merge } from '../../lib/report/merge.ts';
import { text } from '../../lib/report/text.ts';
import { lock, snapshot } from '../report/support/build.ts';
import { bankCycle } from '../report/support/violations.ts';
import { removeWorlds, type World, world } from './support/world.ts';

afterEach(removeWorlds);

const clean = snapshot({ classes: [lock('orders')] });
const broken = snapshot({ violations: [bankCycle()] });

function worldWith(files: Readonly<Record<string, unknown>>, io: Partial<Io> = {}): World {
  const at = world({}, io);
  mkdirSync(path.join(at.folder, '.lockdep'));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(
      path.join(at.folder, '.lockdep', name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }
  return at;
}

describe('wrong usage is one line that says what to do, and exit code 2', () => {
  test.each([
    [[], 'say what to do, as in lockdep run npm test; see lockdep --help'],
    [['fly'], "unknown command 'fly'; see lockdep --help"],
    [['rum'], "unknown command 'rum' (Did you mean run?); see lockdep --help"],
    [['--colour'], "unknown option '--colour'; see lockdep --help"],
    [['run'], 'there is no command to run; write it behind run, as in lockdep run npm test'],
    [['run', '--'], 'there is no command to run; write it behind run, as in lockdep run npm test'],
    [['run', '--fromat', 'json', 'x'], "unknown option '--fromat' (Did you mean --format?); see lockdep run --help"],
    [['run', '--dir'], "option '-d, --dir <folder>' argument missing; see lockdep run --help"],
    [
      ['report', '--format', '__proto__'],
      "option '-f, --format <name>' argument '__proto__' is invalid. Allowed choices are text, json, compact; see lockdep report --help",
    ],
    [['report'], 'no snapshots here: .lockdep does not exist; run a command first, as in lockdep run npm test'],
  ])('%j', async (argv, line) => {
    const at = world();
    expect(await at.lockdep(...argv)).toBe(2);
    expect(at.err).toBe(`lockdep: ${line}\n`);
    expect(at.out).toBe('');
  });
});

describe('help and version go to standard output', () => {
  test.each([[['--version']], [['-v']]])('%j', async (argv) => {
    const at = world();
    expect(await at.lockdep(...argv)).toBe(0);
    expect([at.out, at.err]).toEqual(['1.2.3\n', '']);
  });

  test.each([[['--help']], [['help']], [['run', '--help']], [['help', 'run']], [['report', '-h']]])(
    '%j',
    async (argv) => {
      const at = world();
      expect(await at.lockdep(...argv)).toBe(0);
      expect(at.out).toMatch(/^Usage: lockdep/);
      expect(at.err).toBe('');
    },
  );
});

describe('report', () => {
  test('is of .lockdep where nothing is named', async () => {
    const at = worldWith({ 'a.json': broken });
    expect(await at.lockdep('report')).toBe(1);
    expect(at.out).toBe(text(merge([broken])));
    expect(at.err).toBe('');
  });

  test('unites files and folders', async () => {
    const at = worldWith({ 'a.json': clean, 'b.json': broken });
    expect(await at.lockdep('report', '.lockdep/a.json')).toBe(0);
    expect(await at.lockdep('report', '.lockdep/a.json', '.lockdep')).toBe(1);
  });

  test('knows the formats and writes to a file', async () => {
    const at = worldWith({ 'a.json': broken });
    await at.lockdep('report', '--format', 'json');
    expect(JSON.parse(at.out).schema).toBe('lockdep-report/1');
    await at.lockdep('report', '-f', 'compact', '-o', 'report.txt');
    expect(readFileSync(path.join(at.folder, 'report.txt'), 'utf8')).toMatch(
      /^src\/settle\.ts:41:23 error order-cycle/,
    );
    expect(at.err).toBe(`lockdep: 1 error, 0 warnings; see ${path.join(at.folder, 'report.txt')}\n`);
  });

  test('does not lose good snapshots for a bad one, and is not clean', async () => {
    const at = worldWith({ 'a.json': clean, 'b.json': '{"schema":' });
    expect(await at.lockdep('report')).toBe(2);
    expect(at.out).toMatch(/^\? could not check · \.lockdep\/b\.json ends in the middle · It was cut off/);
    expect(at.out).toContain('1 class');
  });

  test('of an empty folder and of a path that is not there could not check', async () => {
    const at = worldWith({});
    expect(await at.lockdep('report')).toBe(2);
    expect(at.out).toContain('no snapshot was written');
    expect(await at.lockdep('report', 'elsewhere')).toBe(2);
    expect(at.out).toContain('elsewhere cannot be read: not found');
  });

  test('that cannot be written is one line', async () => {
    const at = worldWith({ 'a.json': clean });
    expect(await at.lockdep('report', '-o', '.')).toBe(2);
    expect(at.err).toMatch(
      /^lockdep: cannot write the report to .*: it is a folder; choose another file with --output\n$/,
    );
  });

  test('is in colour where the stream is', async () => {
    const at = worldWith({ 'a.json': broken }, { color: { out: true, err: false } });
    await at.lockdep('report');
    expect(at.out).toContain('\x1b[31m✗');
  });
});

test('an error that nobody foresaw is loud', async () => {
  const out = (): void => {
    throw new TypeError('surprise');
  };
  const at = worldWith({ 'a.json': clean }, { out });
  expect(await at.lockdep('report')).toBe(2);
  expect(at.err).toMatch(/^lockdep: a defect of lockdep itself, please report it:\nTypeError: surprise\n {4}at /);
});
