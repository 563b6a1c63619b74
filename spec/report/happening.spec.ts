import { shorten } from '../../lib/model/shorten.ts';
import type { Violation } from '../../lib/model/violation.ts';
import { compact } from '../../lib/report/compact.ts';
import { merge } from '../../lib/report/merge.ts';
import { cells } from '../../lib/report/part/columns.ts';
import { text } from '../../lib/report/text.ts';
import { lock, site, snapshot } from './support/build.ts';
import { expectGolden } from './support/golden.ts';
import {
  deadlock,
  itself,
  leaseExpired,
  leaseLost,
  longHold,
  longWait,
  queued,
  ring,
  splitKey,
  transfers,
} from './support/happening.ts';
import { misuse } from './support/kernel.ts';

const textOf = (violation: Violation): string =>
  text(merge([snapshot({ classes: [lock('orders'), lock('ledger')], violations: [violation] })]));

const asError = { severity: 'error' } as const;
const asWarning = { severity: 'warning' } as const;
const lateGrant = [{ label: 'asked', site: site('src/store.ts:21:5', 'await Promise.race([page.acquire(), timer])') }];
const LATE = 'page was granted to cpu0, which had given up waiting for it.';
const LOST = 'cpu0 lost the guard of pool before its release: it was garbage-collected.';
const LATE_EXTENSION =
  'reserve#1 extends the lease of stock after it has run out, and reserve#2 was granted it in between.';
const LATE_USE = 'reserve#1 relies on stock after its lease has run out.';
const pool = lock('pool', { kind: 'semaphore', capacity: 4 });

const DEADLOCKS: readonly (readonly [name: string, violation: Violation])[] = [
  ['deadlock', deadlock()],
  ['deadlock-rejected', deadlock({ rejected: true })],
  ['deadlock-3', ring(3)],
  ['deadlock-5', ring(5)],
  ['deadlock-one-class', transfers()],
  ['deadlock-itself', itself()],
  ['deadlock-queued', queued()],
  ['deadlock-warning', deadlock(asWarning)],
];

const OTHERS: readonly (readonly [name: string, violation: Violation])[] = [
  ['abandoned-granted', misuse('abandoned', { message: LATE, places: lateGrant })],
  ['abandoned-unit', misuse('abandoned', { message: LOST, lock: pool, held: [] })],
  ['callback-under-lock-warning', misuse('callback-under-lock', asWarning)],
  ['blocking-while-held-warning', misuse('blocking-while-held', asWarning)],
  ['split-key', splitKey()],
  ['split-key-hostile', hostileKey()],
  ['split-key-waited-for', waitedFor()],
  ['lease-expired', leaseExpired()],
  ['lease-expired-error', leaseExpired(asError)],
  ['lease-expired-extends', leaseLost({ act: 'extends', message: LATE_EXTENSION })],
  ['lease-expired-granted', leaseLost()],
  ['lease-expired-uses', leaseExpired({ ...asError, act: 'uses', message: LATE_USE })],
  ['long-hold', longHold()],
  ['long-hold-error', longHold(asError)],
  ['long-hold-alone', longHold({ ...asError, waiters: 0 })],
  ['long-wait', longWait()],
  ['long-wait-error', longWait(asError)],
  ['long-wait-unknown', longWait({ ...asError, holders: [] })],
];

const CASES = [...DEADLOCKS, ...OTHERS];

describe('the text report of what happens while the program runs', () => {
  test.each(CASES)('%s is as in its golden text', (name, violation) => {
    expectGolden(`${name}.txt`, textOf(violation));
  });

  test.each(CASES)('%s fits into 100 columns, with nothing at its end', (_, violation) => {
    const lines = textOf(violation).split('\n');
    expect(lines.filter((line) => cells(line) > 100 || line !== line.trimEnd())).toEqual([]);
  });

  test.each(DEADLOCKS)('%s says that it happened, and nothing of what can', (_, violation) => {
    expect(textOf(violation)).toContain('A deadlock happened');
    expect(textOf(violation)).not.toMatch(/\bcan\b(?! go on|not)/);
  });

  test.each(OTHERS)('%s never cries deadlock, and says what to do', (_, violation) => {
    expect(textOf(violation)).not.toMatch(/deadlock/i);
    expect(textOf(violation)).toMatch(/^ {2}Try {2}\w/m);
  });

  test.each(CASES)('%s can do without places and holders', (_, violation) => {
    expect(textOf(bare(violation) as Violation)).not.toMatch(/undefined|null|NaN|\[object/);
    expect(compact(merge([snapshot({ violations: [bare(violation) as Violation] })]))).not.toMatch(/undefined|null/);
  });

  test('names the places in what to do', () => {
    const words = textOf(deadlock()).replaceAll(/\s+/g, ' ');
    expect(words).toContain(
      'Try take ledger before orders at src/settle.ts:38:23, as audit#3 does at src/audit.ts:80:21; or release orders before asking for ledger at src/settle.ts:41:23.',
    );
  });

  test('compact: one line for each', () => {
    const violations = CASES.map(([, violation], at) => ({ ...violation, fingerprint: String(at + 100) }));
    const lines = compact(merge([snapshot({ violations })]));
    expectGolden('compact-happening.txt', lines);
    expect(lines.split('\n')).toHaveLength(CASES.length + 1);
  });

  test('two classes of one name are told apart in a circle', () => {
    const first = lock('Mutex', { key: 'a', site: site('src/db.ts:3:1') });
    const second = lock('Mutex', { key: 'b', site: site('src/cache.ts:9:1') });
    const waits = deadlock().waits.map((wait, at) => ({ ...wait, lock: at === 0 ? first : second }));
    expect(textOf(deadlock({ waits }))).toContain('Mutex (db.ts:3) → Mutex (cache.ts:9) → Mutex (db.ts:3)');
  });
});

function waitedFor(): Violation {
  const message = splitKey().message.replace('holds', 'waits for');
  return splitKey({ message, other: { ...splitKey().other, act: 'waits' }, held: [] });
}

/** A key that would repaint the terminal, forge a line and fill the screen. */
function hostileKey(): Violation {
  const lockKey = `\x1b[31m\n✓ no violations\u202e${'9'.repeat(400)}`;
  const message = splitKey().message.replace('42', () => shorten(lockKey, 48));
  return splitKey({ lockKey, message });
}

const MAY_BE_NULL = ['site', 'taken', 'asked', 'done'];

/** The same with no place recorded, and without holders. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(bare);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const fields = Object.entries(value).map(([name, one]) => {
    return [name, ['sites', 'holders'].includes(name) ? [] : MAY_BE_NULL.includes(name) ? null : bare(one)];
  });
  return Object.fromEntries(fields);
}
