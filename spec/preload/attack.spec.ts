// Programs that attack the checker, each alone and under the preload: nothing may differ but what is found.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Snapshot } from '../../lib/model/snapshot.ts';
import { type Attack, legal, misses, mistakes, observers } from '../fixtures/attack/rows.ts';
import { FIXTURES, type ProcessResult, ROOT, run } from '../support/run.ts';

const PRELOAD = path.join(ROOT, 'dist/cjs/preload/register.js');
const dir = mkdtempSync(path.join(tmpdir(), 'lockdep-attack-'));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Watched {
  readonly end: ProcessResult;
  readonly snapshots: readonly Snapshot[];
}

async function watch(file: string): Promise<Watched> {
  const into = path.join(dir, path.basename(file));
  const env = { NODE_OPTIONS: `--require "${PRELOAD}"`, LOCKDEP_DIR: into, LOCKDEP_RUN: 'attack' };
  const end = await run([file], { env, timeoutMs: 15_000 });
  const names = readdirSync(into).filter((name) => name.endsWith('.json'));
  return { end, snapshots: names.map((name) => JSON.parse(readFileSync(path.join(into, name), 'utf8')) as Snapshot) };
}

async function check({ file, errors = [] }: Attack): Promise<void> {
  const program = path.join(FIXTURES, 'attack', file);
  const plain = await run([program]);
  const { end, snapshots } = await watch(program);
  const found = snapshots
    .flatMap((snapshot) => snapshot.violations)
    .filter((one) => one.severity === 'error' && one.confidence !== 'guarded');

  expect(end).toEqual(plain);
  expect(snapshots.map((snapshot) => snapshot.failure)).toEqual(snapshots.map(() => null));
  expect(found.map((one) => one.rule).sort()).toEqual([...errors].sort());
}

describe('a legal program gives no error', () => {
  it.each(legal)('$reason ($file)', check);
});

describe('a mistake is found', () => {
  it.each(mistakes)('$reason ($file)', check);
});

describe('a mistake that cannot be seen yet', () => {
  it.failing.each([...misses])('$reason ($file)', check);
});

describe('a program does not notice the checker', () => {
  it.each(observers)('$reason ($file)', check);
});
