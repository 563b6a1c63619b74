import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load } from '../../lib/cli/load.ts';
import type { Snapshot } from '../../lib/model/snapshot.ts';
import { lock, snapshot, witness } from '../report/support/build.ts';
import {
  assertion,
  bankCycle,
  heldAtExit,
  poolNesting,
  recursion,
  release,
  stalled,
} from '../report/support/violations.ts';
import { removeWorlds, world } from './support/world.ts';

afterEach(removeWorlds);

const whole = snapshot({
  classes: [lock('orders'), lock('pool', { capacity: 3 })],
  arrows: [{ from: 'orders', to: 'ledger', witnesses: [witness()] }],
  violations: [
    bankCycle(),
    poolNesting(2),
    recursion(true),
    stalled(),
    heldAtExit(),
    release('bad-release'),
    release('wrong-owner-release'),
    assertion('assert-held'),
    assertion('assert-not-held', { holder: null, asserted: null }),
  ],
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const { folder } = world();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

/** What is wrong with one file, next to a good one that must not be lost. */
function problemOf(content: string): string {
  const { snapshots, problems } = load([folderWith({ 'bad.json': content, 'good.json': JSON.stringify(whole) })]);
  expect(snapshots).toHaveLength(1);
  expect(problems).toHaveLength(1);
  expect(path.basename(problems[0]?.file ?? '')).toBe('bad.json');
  expect(problems[0]?.remedy).toMatch(/^[A-Z].*\.$/);
  return problems[0]?.problem ?? '';
}

const changed = (change: object): string => JSON.stringify({ ...whole, ...change });

describe('load', () => {
  test('gives a whole snapshot back as it was written', () => {
    expect(load([folderWith({ 'a.json': JSON.stringify(whole) })])).toEqual({ snapshots: [whole], problems: [] });
  });

  test('searches folders at any depth, takes each file once and leaves others alone', () => {
    const text = JSON.stringify(whole);
    const folder = folderWith({ 'b.json': text, 'a/deep/a.json': text, 'notes.txt': 'x', 'c.json.tmp': 'x' });
    expect(load([folder, path.join(folder, 'b.json')]).snapshots).toHaveLength(2);
  });

  test('does not follow a link upward', () => {
    const folder = folderWith({ 'in/a.json': JSON.stringify(whole) });
    symlinkSync(folder, path.join(folder, 'in', 'up'));
    expect(load([folder]).snapshots).toHaveLength(1);
  });

  test('reads a resource without a bound', () => {
    const endless = snapshot({ classes: [lock('limit', { capacity: Number.POSITIVE_INFINITY })] });
    const { snapshots } = load([folderWith({ 'a.json': JSON.stringify(endless) })]);
    expect(snapshots[0]?.classes[0]?.capacity).toBe(Number.POSITIVE_INFINITY);
  });

  test('lets fields through that a later version added', () => {
    expect(load([folderWith({ 'a.json': changed({ later: 1 }) })]).problems).toEqual([]);
  });
});

describe('load says what is wrong with a file', () => {
  test.each([
    ['empty', '', 'is empty'],
    ['truncated', JSON.stringify(whole).slice(0, 200), 'ends in the middle'],
    ['not JSON', 'hello', 'is not JSON'],
    ['not even text', '\x00\xff', 'is not JSON'],
    ['another JSON', '[1]', 'is JSON, but not a snapshot'],
    ['null', 'null', 'is JSON, but not a snapshot'],
    [
      'another schema',
      changed({ schema: 'lockdep/2' }),
      'has the schema "lockdep/2", and this version reads "lockdep/1"',
    ],
  ])('%s', (_, content, problem) => {
    expect(problemOf(content)).toBe(problem);
  });

  const [dependency] = whole.dependencies;
  const [violation] = whole.violations;
  test.each<[object, string]>([
    [{ classes: undefined }, 'classes is missing'],
    [{ classes: {} }, 'classes is not a list'],
    [{ classes: [{ ...whole.classes[0], name: 7 }] }, 'classes[0].name is not a text'],
    [{ process: { ...whole.process, ending: 'maybe' } }, 'process.ending is "maybe", which is not known here'],
    [{ dependencies: [{ ...dependency, to: 99 }] }, 'dependencies[0] names class 99, which is not there'],
    [{ dependencies: [{ ...dependency, from: 0.5 }] }, 'dependencies[0] names class 0.5, which is not there'],
    [{ dependencies: [{ ...dependency, witnesses: [] }] }, 'dependencies[0].witnesses is empty'],
    [{ violations: [{ ...violation, rule: 'toString' }] }, 'violations[0].rule is "toString", which is not known here'],
    [{ violations: [{ ...violation, edges: [{}] }] }, 'violations[0].edges[0].from is missing'],
    [{ violations: [null] }, 'violations[0] is not an object'],
    [{ totals: { ...whole.totals, refuted: null } }, 'totals.refuted is not a number'],
    [{ failure: false }, 'failure is not a text'],
  ])('%#: a field that does not fit', (change, problem) => {
    expect(problemOf(changed(change))).toBe(`is not a whole snapshot: ${problem}`);
  });

  test('a path that is not there', () => {
    expect(load(['/nowhere/at/all.json']).problems).toMatchObject([
      { file: '/nowhere/at/all.json', problem: 'cannot be read: not found' },
    ]);
  });

  test('a mark of a process that could not write', () => {
    const { problems } = load([folderWith({ '0mabcdefgh1-7-0.failed': '' })]);
    expect(problems[0]?.problem).toContain('could not write its snapshot');
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test.skip : test)('a file and a folder without permission (not as root, who may read everything)', () => {
    const folder = folderWith({ 'a.json': JSON.stringify(whole), 'in/b.json': '{}', 'z.json': JSON.stringify(whole) });
    chmodSync(path.join(folder, 'a.json'), 0);
    chmodSync(path.join(folder, 'in'), 0);
    const { problems, snapshots } = load([folder]);
    chmodSync(path.join(folder, 'in'), 0o755);
    expect(problems.map((one) => one.problem)).toEqual(Array(2).fill('cannot be read: permission denied'));
    expect(snapshots).toHaveLength(1);
  });

  test('a folder named like a file', () => {
    const folder = folderWith({ 'x.json/a.json': JSON.stringify(whole) });
    expect(load([folder]).snapshots).toHaveLength(1);
  });

  test('a link that leads nowhere', () => {
    const folder = folderWith({ 'a.json': JSON.stringify(whole) });
    symlinkSync('/nowhere', path.join(folder, 'b.json'));
    expect(load([folder])).toMatchObject({ snapshots: [{}], problems: [{ problem: 'cannot be read: not found' }] });
  });
});

/** The snapshot type and its checks must not drift apart. */
test('the checks know every field of the model', () => {
  const fields: Record<keyof Snapshot, true> = {
    schema: true,
    process: true,
    classes: true,
    dependencies: true,
    violations: true,
    adapters: true,
    totals: true,
    limits: true,
    failure: true,
  };
  for (const name of Object.keys(fields).filter((name) => name !== 'schema')) {
    expect(problemOf(changed({ [name]: undefined }))).toBe(`is not a whole snapshot: ${name} is missing`);
  }
});
