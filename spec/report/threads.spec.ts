import type { Violation } from '../../lib/model/violation.ts';
import { compact } from '../../lib/report/compact.ts';
import { merge } from '../../lib/report/merge.ts';
import { cells } from '../../lib/report/part/columns.ts';
import { text } from '../../lib/report/text.ts';
import { lock, snapshot } from './support/build.ts';
import { expectGolden } from './support/golden.ts';
import {
  inversionAsleep,
  ownerDied,
  pollerDeadlock,
  priorityInversion,
  readerDied,
  starvation,
  starvedWriter,
  threadDeadlock,
} from './support/threads.ts';

const asError = { severity: 'error' } as const;

const CASES: readonly (readonly [name: string, violation: Violation])[] = [
  ['owner-died', ownerDied()],
  ['owner-died-reader', readerDied()],
  ['owner-died-warning', ownerDied({ severity: 'warning' })],
  ['priority-inversion', priorityInversion()],
  ['priority-inversion-error', priorityInversion(asError)],
  ['priority-inversion-asleep', inversionAsleep(asError)],
  ['starvation', starvation()],
  ['starvation-error', starvation(asError)],
  ['starvation-writer', starvedWriter()],
  ['starvation-free', starvation({ ...asError, holder: null })],
  ['deadlock-threads', threadDeadlock()],
  ['deadlock-threads-rejected', threadDeadlock({ rejected: true })],
  ['deadlock-pollers', pollerDeadlock()],
];

const textOf = (violation: Violation): string =>
  text(merge([snapshot({ classes: [lock('queue', { kind: 'spin' }), lock('stats')], violations: [violation] })]));
const wordsOf = (violation: Violation): string => textOf(violation).replaceAll(/\s+/g, ' ');

describe('the text report of locks that threads contend for', () => {
  test.each(CASES)('%s is as in its golden text', (name, violation) => {
    expectGolden(`${name}.txt`, textOf(violation));
  });

  test.each(CASES)('%s fits into 100 columns, with nothing at its end', (_, violation) => {
    const lines = textOf(violation).split('\n');
    expect(lines.filter((line) => cells(line) > 100 || line !== line.trimEnd())).toEqual([]);
  });

  test.each(CASES)('%s can do without places', (_, violation) => {
    const bare = withoutPlaces(violation) as Violation;
    expect(textOf(bare)).not.toMatch(/undefined|null|NaN|\[object/);
    expect(compact(merge([snapshot({ violations: [bare] })]))).not.toMatch(/undefined|null/);
  });

  test.each(CASES.filter(([name]) => name !== 'owner-died-warning'))('%s says what to do', (_, violation) => {
    expect(textOf(violation)).toMatch(/^ {2}Try {2}\w/m);
  });

  test('what a dead writer leaves is to be repaired, and what a dead reader leaves is not', () => {
    expect(wordsOf(ownerDied())).toMatch(
      /half-written: catch the OwnerDiedError at src\/count\.ts:33:11, .* recover\(\)/,
    );
    expect(wordsOf(readerDied())).toContain('nothing is to be repaired');
    expect(wordsOf(readerDied())).not.toContain('half-written');
  });

  test('over threads, the wait that closed the circle is the shortest one, and who is rejected is another', () => {
    expect(textOf(threadDeadlock())).toMatch(/stats asked .* {3}◀ closed the circle$/m);
    expect(textOf(threadDeadlock({ rejected: true }))).toMatch(/queue asked .* {3}◀ rejected$/m);
    expect(textOf(pollerDeadlock())).toMatch(/account asked .* {3}◀ closed the circle: rejected$/m);
  });

  test('no thread is told to use what only async flows can', () => {
    expect(wordsOf(pollerDeadlock())).toContain('in one order everywhere');
    expect(wordsOf(pollerDeadlock())).not.toContain('lockAll');
  });

  test('names of threads cannot repaint the terminal, nor fill it', () => {
    const thread = `\x1b[2J\n✓ no violations${'x'.repeat(400)}`;
    const hostile = textOf(starvation({ ...asError, holder: { thread, owner: 'net', site: null } }));
    expect(hostile).not.toContain('\x1b');
    expect(hostile).not.toMatch(/^✓/m);
    expect(hostile).not.toContain('x'.repeat(60));
  });

  test('compact: one line for each', () => {
    const violations = CASES.map(([, violation], at) => ({ ...violation, fingerprint: String(at + 100) }));
    const lines = compact(merge([snapshot({ violations })]));
    expectGolden('compact-threads.txt', lines);
    expect(lines.split('\n')).toHaveLength(CASES.length + 1);
  });
});

/** The same with no place recorded. */
function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutPlaces);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const fields = Object.entries(value).map(([name, one]) => {
    return [name, name === 'sites' ? [] : ['site', 'asked'].includes(name) ? null : withoutPlaces(one)];
  });
  return Object.fromEntries(fields);
}
