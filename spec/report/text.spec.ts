import type { Violation } from '../../lib/model/violation.ts';
import { merge } from '../../lib/report/merge.ts';
import { cells } from '../../lib/report/part/columns.ts';
import { text, violationText } from '../../lib/report/text.ts';
import { lock, nothing, site, snapshot, T0, witness } from './support/build.ts';
import { expectGolden } from './support/golden.ts';
import { sleepWhileHeld } from './support/kernel.ts';
import {
  assertion,
  auditAsked,
  auditTaken,
  bankCycle,
  cycle,
  heldAtExit,
  poolNesting,
  recursion,
  release,
  settleAsked,
  settleTaken,
  stalled,
} from './support/violations.ts';

function textOf(...violations: Violation[]): string {
  return text(merge([snapshot({ classes: [lock('orders'), lock('ledger')], violations })]));
}

const warning = { severity: 'warning' } as const;

const CASES: readonly (readonly [name: string, text: () => string])[] = [
  ['cycle-2', () => textOf(bankCycle())],
  ['cycle-3', () => textOf(cycle([lock('orders'), lock('ledger'), lock('stock')]))],
  ['cycle-5', () => textOf(cycle(['orders', 'ledger', 'stock', 'prices', 'customers'].map((name) => lock(name))))],
  ['cycle-one-owner', () => textOf(oneOwnerCycle())],
  ['cycle-readers', () => textOf(readersCycle())],
  ['cycle-counting', () => textOf(cycle([lock('pool', { kind: 'semaphore', capacity: 4 }), lock('ledger')]))],
  ['pool-nesting-2', () => textOf(poolNesting(2))],
  ['pool-nesting-100', () => textOf(poolNesting(100))],
  ['pool-nesting-alone', () => textOf(poolNesting(4, { ownersNeeded: 1, confidence: 'certain' }))],
  ['recursion-itself', () => textOf(recursion(true))],
  ['recursion-two', () => textOf(recursion(false, { count: 12 }))],
  ['stalled', () => textOf(stalled())],
  ['stalled-lost-release', () => textOf(lostRelease())],
  ['held-at-exit', () => textOf(heldAtExit())],
  ['bad-release', () => textOf(release('bad-release'))],
  ['wrong-owner-release', () => textOf(release('wrong-owner-release'))],
  ['assert-held', () => textOf(assertion('assert-held'))],
  ['assert-not-held', () => textOf(assertion('assert-not-held', { message: 'post#9 holds ledger.' }))],
  ['warnings-only', () => textOf(recursion(false, warning), heldAtExit({ ...warning, fingerprint: 'ffff00001111' }))],
  ['several', () => textOf(bankCycle(), heldAtExit({ fingerprint: 'ffff00001111' }), recursion(false, warning))],
  ['clean', () => text(merge([snapshot({ arrows: [{ from: 'orders', to: 'ledger' }] })]))],
  ['nothing-watched', () => text(merge([nothing()]))],
  ['nothing-taken', () => text(merge([nothing({ violations: [irqsOff()] })]))],
  ['no-snapshot', () => text(merge([]))],
  ['failure', () => text(merge([snapshot({ failure: 'TypeError: x is not a function' }), snapshot()]))],
  ['failure-with-errors', () => text(merge([snapshot({ failure: 'out of memory', violations: [bankCycle()] })]))],
  ['two-halves', twoHalves],
  ['remarks', remarks],
  ['hostile', hostile],
];

describe('the text report', () => {
  test.each(CASES)('%s is as in its golden text', (name, make) => {
    expectGolden(`${name}.txt`, make());
  });

  test.each(CASES)(
    '%s has no line wider than 100 columns, but for paths, and none with blanks at its end',
    (_, make) => {
      const lines = make().split('\n');
      expect(lines.filter((line) => cells(line) > 100 && !/\.ts:\d+:\d+/.test(line))).toEqual([]);
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
    },
  );

  test.each(CASES)('%s lets no control character through', (_, make) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
    expect(make()).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  test('colour changes no character besides its codes', () => {
    const report = merge([snapshot({ violations: [bankCycle(), poolNesting(2), recursion(true), stalled()] })]);
    const colored = text(report, { color: true });
    expect(colored).toContain('\x1b[31m✗ order-cycle\x1b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it takes away
    expect(colored.replace(/\x1b\[\d+m/g, '')).toBe(text(report));
  });

  test('one violation can be written alone', () => {
    expect(textOf(bankCycle()).startsWith(violationText(bankCycle()))).toBe(true);
  });

  test('what is only possible is never called a deadlock', () => {
    const wrong = CASES.filter(([, make]) => /deadlock/i.test(make().replaceAll(/can deadlock|lockdep/g, '')));
    expect(wrong.map(([name]) => name)).toEqual([]);
  });

  test('two classes of one name are told apart by where they were created', () => {
    const first = lock('Mutex', { key: 'a', site: site('src/db.ts:3:1') });
    const second = lock('Mutex', { key: 'b', site: site('src/cache.ts:9:1') });
    expect(textOf(cycle([first, second]))).toContain('Mutex (db.ts:3) → Mutex (cache.ts:9) → Mutex (db.ts:3)');
  });
});

/** A program that takes no lock at all, and sleeps with interrupts disabled. */
function irqsOff(): Violation {
  const limit = { type: 'config', lock: null, context: 'hardirq', disabled: true, taken: null } as const;
  return sleepWhileHeld({ limit, held: [], message: 'cpu0 may sleep with hardirq disabled.' });
}

function oneOwnerCycle(): Violation {
  const violation = bankCycle();
  const edges = violation.edges.map((edge) => ({ ...edge, witness: { ...edge.witness, owner: 'main#1' }, count: 1 }));
  return { ...violation, edges, owner: 'main#1', confidence: 'weak', count: 3 };
}

function readersCycle(): Violation {
  const violation = bankCycle();
  const edges = violation.edges.map((edge, at) => ({
    ...edge,
    witness: { ...edge.witness, kind: at === 0 ? ('SN' as const) : ('ER' as const) },
  }));
  return { ...violation, edges };
}

function lostRelease(): Violation {
  const [wait] = stalled().waits;
  return stalled({
    message: 'The process ended while settle#7 still waited for ledger.',
    waits: wait === undefined ? [] : [{ ...wait, held: [] }],
  });
}

function twoHalves(): string {
  const settle = witness({
    owner: 'settle#7',
    taken: settleTaken,
    asked: settleAsked,
    at: T0 + 70_000,
    process: '4242',
  });
  const audit = witness({ owner: 'audit#3', taken: auditTaken, asked: auditAsked, process: '4243/1' });
  return text(
    merge([
      snapshot({ arrows: [{ from: 'orders', to: 'ledger', count: 2, witnesses: [settle] }] }),
      snapshot({ process: { pid: 4243 } }),
      snapshot({
        process: { pid: 4243, thread: 1 },
        arrows: [{ from: 'ledger', to: 'orders', count: 5, witnesses: [audit] }],
      }),
    ]),
  );
}

function remarks(): string {
  return text(
    merge(
      [
        snapshot({
          process: { ending: 'running' },
          classes: [lock('orders')],
          violations: [{ ...bankCycle(), confidence: 'guarded' }],
          adapters: [
            { name: 'async-mutex', version: '0.5.0', status: 'watched' },
            { name: 'p-limit', version: '9.0.0', status: 'unsupported-version' },
          ],
          limits: ['More than 65536 chains: 12 steps were checked without being remembered.'],
          totals: { instances: 1, acquisitions: 1, owners: 1, refuted: 2 },
        }),
      ],
      { notes: ['A note of the caller.'] },
    ),
  );
}

function hostile(): string {
  const evil = lock('__proto__', { key: '__proto__' });
  const forged = lock('a\n✓ no violations\x1b[2J\u202Egnol', { key: 'forged' });
  const long = lock('x'.repeat(5000), { key: 'long' });
  const wide = lock('錠前', { key: 'wide', site: site('src/錠前.ts:1:1') });
  const violation = cycle([evil, forged, long, wide]);
  const path = `src/${'deep/'.repeat(30)}file.ts:1:1`;
  const edges = violation.edges.map((edge) => ({
    ...edge,
    witness: { ...edge.witness, owner: `own\r\ner#${edge.count}`, asked: site(path, 'a\tb\x07'.repeat(80)) },
  }));
  return textOf({ ...violation, edges, message: `${forged.name} ${long.name}` });
}
