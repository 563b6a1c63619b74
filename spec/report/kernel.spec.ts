import type { Violation } from '../../lib/model/violation.ts';
import { compact } from '../../lib/report/compact.ts';
import { merge } from '../../lib/report/merge.ts';
import { cells } from '../../lib/report/part/columns.ts';
import { text } from '../../lib/report/text.ts';
import { lock, site, snapshot } from './support/build.ts';
import { expectGolden } from './support/golden.ts';
import { irqInconsistent, irqInversion, irqOrder, sleepWhileHeld } from './support/kernel.ts';
import { CASES } from './support/kernel-cases.ts';

const textOf = (violation: Violation): string =>
  text(merge([snapshot({ classes: [lock('orders'), lock('ledger')], violations: [violation] })]));

describe('the text report of the rules about interrupts, waits, orders and misuse', () => {
  test.each(CASES)('%s is as in its golden text', (name, violation) => {
    expectGolden(`${name}.txt`, textOf(violation));
  });

  test.each(CASES)('%s fits into 100 columns, with nothing at its end', (_, violation) => {
    const lines = textOf(violation).split('\n');
    expect(lines.filter((line) => cells(line) > 100 || line !== line.trimEnd())).toEqual([]);
  });

  test.each(CASES)('%s says what to do, and never cries deadlock', (_, violation) => {
    expect(textOf(violation)).toMatch(/^ {2}Try {2}\w/m);
    expect(textOf(violation)).not.toMatch(/(?<!can )deadlock/i);
  });

  test.each(CASES)('%s can do without places, holders and locks that may be missing', (_, violation) => {
    expect(textOf(bare(violation) as Violation)).not.toMatch(/undefined|null|NaN|\[object/);
  });

  test('compact: one line for each', () => {
    const violations = CASES.map(([, violation], at) => ({ ...violation, fingerprint: String(at + 100) }));
    const lines = compact(merge([snapshot({ violations })]));
    expectGolden('compact-kernel.txt', lines);
    expect(lines.split('\n')).toHaveLength(CASES.length + 1);
  });

  test('short: as warnings', () => {
    const violations = CASES.map(([, one], at) => ({
      ...one,
      severity: 'warning' as const,
      fingerprint: `${at + 100}`,
    }));
    expectGolden('short-kernel.txt', text(merge([snapshot({ violations })])));
  });

  test('the mark that is new comes first, whichever it is', () => {
    const older = irqInconsistent({ owner: 'cpu0', sites: irqInconsistent().sites.toReversed() });
    expect(compact(merge([snapshot({ violations: [irqInconsistent()] })]))).toMatch(/^net\/report.ts:12:7 /);
    expect(compact(merge([snapshot({ violations: [older] })]))).toMatch(/^drivers\/nic.ts:31:9 /);
  });

  test('the new mark is none where one owner made both and a place is missing', () => {
    const { used, enabled } = irqInconsistent();
    const lines = textOf(irqInconsistent({ used: { ...used, owner: 'cpu1', site: null }, enabled }));
    expect(lines).not.toContain('◀ now');
  });

  test('the new mark of an inversion is the one at the first place', () => {
    const both = { ...irqInversion().used, owner: 'cpu1' };
    expect(textOf(irqInversion({ used: both }))).toMatch(/queue held .*◀ now/);
    const first = both.site === null ? [] : [both.site];
    expect(textOf(irqInversion({ used: both, sites: first }))).toMatch(/stats asked .*◀ now/);
  });

  test('a sleep at a place that is not recorded is no lock held over an await', () => {
    const lines = textOf(sleepWhileHeld({ asked: null }));
    expect(lines).toMatch(/sleeps +\(place not recorded\)/);
    expect(lines).not.toContain('await');
  });

  test('two classes of one name are told apart at both ends of a path', () => {
    const first = lock('Spin', { key: 'a', site: site('src/db.ts:3:1') });
    const second = lock('Spin', { key: 'b', site: site('src/cache.ts:9:1') });
    const path = irqOrder().path.map((edge) => ({ ...edge, from: first, to: second }));
    const lines = textOf(irqOrder({ safe: first, unsafe: second, path }));
    expect(lines).toContain('Spin (db.ts:3) (taken in hardirq) → Spin (cache.ts:9) (held open to it)');
  });
});

const MAY_BE_NULL = ['site', 'taken', 'asked', 'released', 'asserted', 'lastTaken', 'lastReleased'];

/** The same with no place recorded. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(bare);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const fields = Object.entries(value).map(([name, one]) => {
    return [name, name === 'sites' ? [] : MAY_BE_NULL.includes(name) ? null : bare(one)];
  });
  return Object.fromEntries(fields);
}
