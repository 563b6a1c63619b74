import fc from 'fast-check';
import { cycleFingerprint } from '../../lib/model/fingerprint.ts';
import type { DependencyKind } from '../../lib/model/lock.ts';
import type { Snapshot } from '../../lib/model/snapshot.ts';
import { merge } from '../../lib/report/merge.ts';
import { type Arrow, lock, snapshot, T0, witness } from './support/build.ts';
import { bankCycle, heldAtExit, poolNesting, recursion } from './support/violations.ts';

const there: Arrow = { from: 'orders', to: 'ledger', count: 3 };
const back: Arrow = { from: 'ledger', to: 'orders', count: 4 };

function inProcess(pid: number, arrows: readonly Arrow[]): Snapshot {
  const seen = arrows.map((arrow) => ({
    ...arrow,
    witnesses: [witness({ kind: arrow.kind ?? 'EN', process: `${pid}`, at: T0 + pid })],
  }));
  return snapshot({ process: { pid, startedAt: T0 + pid }, arrows: seen });
}

describe('merge of classes and dependencies', () => {
  test('classes are one by key, not by name, and their counts are summed', () => {
    const one = snapshot({ classes: [lock('m', { key: 'a' }), lock('m', { key: 'b' })] });
    const two = snapshot({ process: { pid: 5000 }, classes: [lock('m', { key: 'b' })] });
    const { classes, totals } = merge([one, two]);
    expect(classes.map(({ key, acquisitions }) => [key, acquisitions])).toEqual([
      ['a', 10],
      ['b', 20],
    ]);
    expect(totals).toMatchObject({ classes: 2, processes: 2, acquisitions: 2468 });
  });

  test('a dependency keeps the witnesses of all processes', () => {
    const { dependencies } = merge([inProcess(1, [there]), inProcess(2, [there])]);
    expect(dependencies).toHaveLength(1);
    expect(dependencies[0]).toMatchObject({ from: 0, to: 1, count: 6 });
    expect(dependencies[0]?.witnesses.map((one) => one.process)).toEqual(['1', '2']);
  });

  test('names that are special to JavaScript are names', () => {
    const arrows = [{ from: '__proto__', to: 'constructor' }];
    const others = [{ from: 'constructor', to: '__proto__' }];
    const { violations, classes } = merge([inProcess(1, arrows), inProcess(2, others)]);
    expect(classes.map((one) => one.name)).toEqual(['__proto__', 'constructor']);
    expect(violations).toHaveLength(1);
  });
});

describe('cycles that no process saw', () => {
  test('two halves in two processes make one', () => {
    const { violations, verdict } = merge([inProcess(1, [there]), inProcess(2, [back])]);
    expect(verdict).toBe('violations');
    expect(violations).toMatchObject([
      {
        rule: 'order-cycle',
        severity: 'error',
        confidence: 'possible',
        fingerprint: cycleFingerprint(['orders', 'ledger']),
        count: 4,
        process: '2',
      },
    ]);
    expect(violations[0]).toMatchObject({
      edges: [
        { from: { name: 'ledger' }, to: { name: 'orders' }, attempted: true },
        { from: { name: 'orders' }, to: { name: 'ledger' }, attempted: false },
      ],
    });
  });

  test('a ring of three over three processes is found', () => {
    const ring = ['ab', 'bc', 'ca'].map((pair, at) => inProcess(at + 1, [{ from: pair[0] ?? '', to: pair[1] ?? '' }]));
    expect(merge(ring).violations).toMatchObject([{ fingerprint: cycleFingerprint(['a', 'b', 'c']) }]);
  });

  test('what a process reported itself is not reported again, guarded ones included', () => {
    const saw = { ...inProcess(1, [there, back]), violations: [bankCycle()] };
    expect(merge([saw, inProcess(2, [back])]).violations).toHaveLength(1);
    const guarded = {
      ...inProcess(1, [there, back]),
      violations: [{ ...bankCycle(), confidence: 'guarded' as const }],
    };
    expect(merge([guarded])).toMatchObject({ violations: [], counts: { guarded: 1 }, verdict: 'clean' });
  });

  test('it is weak as long as one owner of one process is all there is', () => {
    const { violations } = merge([inProcess(1, [there, back])]);
    expect(violations).toMatchObject([{ confidence: 'weak' }]);
  });

  test.each<[DependencyKind, DependencyKind, number]>([
    ['EN', 'EN', 1],
    ['ER', 'SN', 0],
    ['SR', 'SN', 0],
    ['SN', 'SN', 1],
    ['ER', 'EN', 1],
    ['SR', 'EN', 1],
    ['SR', 'SR', 0],
  ])('a cycle of the kinds %s and %s is reported %d times', (kind, other, times) => {
    const one = inProcess(1, [{ ...there, kind }]);
    const two = inProcess(2, [{ ...back, kind: other }]);
    expect(merge([one, two]).violations).toHaveLength(times);
  });

  test('two locks of one class are left to the rule recursion', () => {
    expect(merge([inProcess(1, [{ from: 'a', to: 'a' }])]).violations).toEqual([]);
  });
});

describe('violations of several processes', () => {
  test('one fingerprint is one violation, counts summed', () => {
    const first = snapshot({ violations: [heldAtExit({ count: 2, owner: 'first' })] });
    const second = snapshot({
      process: { startedAt: T0 + 1 },
      violations: [heldAtExit({ count: 5, owner: 'second' })],
    });
    expect(merge([second, first]).violations).toMatchObject([{ count: 7, owner: 'first' }]);
  });

  test('the most serious sighting is the one kept', () => {
    const mild = snapshot({ violations: [{ ...bankCycle(), confidence: 'guarded' }] });
    const grave = snapshot({
      process: { startedAt: T0 + 1 },
      violations: [{ ...bankCycle(), confidence: 'possible' }],
    });
    expect(merge([mild, grave]).violations).toMatchObject([{ confidence: 'possible', count: 2 }]);
  });

  test('errors come first, then the certain ones, then the frequent ones', () => {
    const violations = [
      recursion(false, { fingerprint: '1', severity: 'warning', count: 99 }),
      poolNesting(2, { fingerprint: '2', count: 1 }),
      poolNesting(2, { fingerprint: '3', count: 7 }),
      heldAtExit({ fingerprint: '4' }),
      { ...bankCycle(), fingerprint: '5', confidence: 'weak' as const, count: 50 },
    ];
    const report = merge([snapshot({ violations })]);
    expect(report.violations.map((one) => one.fingerprint)).toEqual(['4', '3', '2', '5', '1']);
    expect(report.counts).toEqual({ errors: 4, warnings: 1, guarded: 0 });
  });
});

describe('what else is told', () => {
  test('processes, workers and shards are counted apart', () => {
    const of = (process: Partial<Snapshot['process']>): Snapshot => snapshot({ process });
    const { totals } = merge([
      of({ pid: 7, startedAt: 1 }),
      of({ pid: 7, startedAt: 2 }),
      of({ pid: 7, startedAt: 3, thread: 1 }),
      of({ pid: 8, startedAt: 3, thread: 1 }),
      of({ pid: 8, startedAt: 3, thread: 1 }),
    ]);
    expect(totals).toMatchObject({ processes: 3, threads: 2 });
  });

  test('a process that was killed is a note and no failure', () => {
    const report = merge([snapshot({ process: { ending: 'running' }, classes: [lock('m')] })]);
    expect(report.verdict).toBe('clean');
    expect(report.notes).toEqual([expect.stringContaining('4242 (node app.js) was killed')]);
  });

  test('limits are told once', () => {
    const limits = ['A limit.'];
    expect(merge([snapshot({ limits }), snapshot({ limits })]).limits).toEqual(limits);
  });
});

const names = ['a', 'b', 'c', 'd', '__proto__'];
const arrow = fc.record({
  from: fc.constantFrom(...names),
  to: fc.constantFrom(...names),
  count: fc.nat(50),
  kind: fc.constantFrom<DependencyKind>('EN', 'ER', 'SN', 'SR'),
});
const arrows = fc.uniqueArray(arrow, { selector: ({ from, to }) => `${from}>${to}`, maxLength: 6 });
const snapshots = fc.array(
  fc.record({ pid: fc.integer({ min: 1, max: 4 }), arrows }).map(({ pid, arrows }) => inProcess(pid, arrows)),
  { maxLength: 5 },
);

describe('laws', () => {
  test('the order of the snapshots changes nothing', () => {
    const shuffled = snapshots.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(merge(other)).toEqual(merge(all));
      }),
    );
  });

  test('a cycle of exclusive dependencies is there exactly when a naive search finds one', () => {
    fc.assert(
      fc.property(snapshots, (all) => {
        const pairs = all.flatMap(({ classes, dependencies }) =>
          dependencies
            .filter(({ from, to, witnesses }) => from !== to && witnesses[0]?.kind === 'EN')
            .map(({ from, to }) => [classes[from]?.key, classes[to]?.key] as const),
        );
        const naive = pairs.some(([from, to]) => reaches(pairs, to, from));
        const only = all.map((one) => ({
          ...one,
          dependencies: one.dependencies.filter(({ witnesses }) => witnesses[0]?.kind === 'EN'),
        }));
        expect(merge(only).violations.length > 0).toBe(naive);
      }),
    );
  });
});

function reaches(pairs: readonly (readonly [unknown, unknown])[], from: unknown, to: unknown): boolean {
  const seen = new Set([from]);
  for (const node of seen) {
    for (const [source, target] of pairs) {
      if (source === node) {
        seen.add(target);
      }
    }
  }
  return seen.has(to);
}
