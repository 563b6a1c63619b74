/**
 * Several checkers beside one that sees everything that they do, in the same order: together they must find the same defects, as
 * often, and what their snapshots say must add up to the same.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Lockdep } from '../../lib/lockdep.ts';
import type { Mode } from '../../lib/model/lock.ts';
import { merge } from '../../lib/report/merge.ts';
import { unite } from '../../lib/report/unite.ts';
import { checker, MemoryLog, shared } from './logs.ts';

const KINDS = { a: 'mutex', b: 'rwlock', c: 'mutex', d: 'rwsem', g: 'mutex', s: 'raw_spin' } as const;
type Name = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as Name[];
const MODES: readonly Mode[] = ['exclusive', 'shared', 'recursive-shared'];
const THREADS = 3;

interface Wish {
  readonly name: Name;
  readonly mode: Mode;
}

/** Locks taken one inside the other by one thread, in a handler or not, and given back. */
interface Section {
  readonly thread: number;
  readonly wishes: readonly Wish[];
  readonly inHandler: boolean;
}

function sectionOf(names: readonly Name[]): fc.Arbitrary<Section> {
  return fc.record({
    thread: fc.nat(THREADS - 1),
    wishes: fc.uniqueArray(fc.record({ name: fc.constantFrom(...names), mode: fc.constantFrom(...MODES) }), {
      minLength: 1,
      maxLength: Math.min(names.length, 4),
      selector: ({ name }) => name,
    }),
    inHandler: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
}

const section = sectionOf(NAMES);

function play(ld: Lockdep, name: string, { wishes, inHandler }: Section): void {
  const owner = ld.owner(name);
  if (inHandler) owner.hardirqEnter();
  const locks = wishes.map(({ name: lock, mode }) => {
    const kind = KINDS[lock];
    const real = shared(ld, lock, { kind });
    owner.acquire(real, { mode: kind.startsWith('rw') ? mode : 'exclusive' });
    return real;
  });
  for (const lock of locks.toReversed()) owner.release(lock);
  if (inHandler) owner.hardirqExit();
}

interface Played {
  readonly all: readonly Lockdep[];
  readonly one: Lockdep;
}

/** @param joinAt how many sections are over when the last checker joins */
function playAll(sections: readonly Section[], profile: 'default' | 'kernel', joinAt = 0): Played {
  const log = new MemoryLog();
  const all = Array.from({ length: THREADS }, (_, at) => {
    return checker(`t${at}`, joinAt > 0 && at === THREADS - 1 ? null : log, { profile });
  });
  const one = checker('one', null, { profile });
  for (const [at, part] of sections.entries()) {
    if (at === joinAt && joinAt > 0) all.at(-1)?.join(log);
    play(all[part.thread] as Lockdep, 'p', part);
    play(one, `p${part.thread}`, part);
  }
  if (joinAt >= sections.length && joinAt > 0) all.at(-1)?.join(log);
  for (const ld of [...all, one]) assert.equal(ld.failure, null);
  return { all, one };
}

/** How often each defect was reported, and how sure the surest was. */
function reported(checkers: readonly Lockdep[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const { rule, fingerprint, count } of checkers.flatMap(({ violations }) => violations)) {
    const name = `${rule.startsWith('irq-') ? 'irq' : rule} ${fingerprint}`;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return new Map([...counts].map(([name, count]) => [name, `×${count}`]).sort() as [string, string][]);
}

function hasCycle(checkers: readonly Lockdep[]): boolean {
  return checkers.some(({ violations }) => violations.some(({ rule }) => rule === 'order-cycle'));
}

describe.each(['default', 'kernel'] as const)(
  'three checkers beside one that sees everything, in the %s profile',
  (profile) => {
    it('find the same defects', () => {
      let found = 0;
      fc.assert(
        fc.property(fc.array(section, { maxLength: 12, size: 'max' }), (sections) => {
          const { all, one } = playAll(sections, profile);
          const [together, alone] = [reported(all), reported([one])];
          found += [...alone.keys()].filter((name) => name.startsWith('order-cycle')).length;
          assert.deepEqual([...together.keys()], [...alone.keys()]);
        }),
        { numRuns: 200 },
      );
      expect(found).toBeGreaterThan(60);
    });

    // The fewer locks there are, the more often a cycle is kept quiet, and its gate passed by later.
    it.each([
      ['six', NAMES],
      ['three', ['a', 'b', 'g']],
    ] as const)('find a cycle if and only if it does, when one of them joins late, with %s locks', (_, names) => {
      const sections = fc.array(sectionOf(names), { minLength: 2, maxLength: 10, size: 'max' });
      let found = 0;
      fc.assert(
        fc.property(sections, fc.nat(10), (all, joinAt) => {
          const played = playAll(all, profile, joinAt);
          found += hasCycle([played.one]) ? 1 : 0;
          assert.equal(hasCycle(played.all), hasCycle([played.one]));
        }),
        { numRuns: 200 },
      );
      expect(found).toBeGreaterThan(30);
    });
  },
);

describe('snapshots of checkers that share a graph', () => {
  it('say what they would if each were alone, and add up', () => {
    fc.assert(
      fc.property(fc.array(section, { maxLength: 12, size: 'max' }), (sections) => {
        const { all, one } = playAll(sections, 'default');
        const alone = Array.from({ length: THREADS }, (_, at) => checker(`t${at}`, null));
        for (const part of sections) play(alone[part.thread] as Lockdep, 'p', part);
        for (const [at, ld] of all.entries()) {
          assert.deepEqual(contents(ld), contents(alone[at] as Lockdep));
        }
        const united = unite(all.map((ld) => ld.snapshot()));
        const whole = one.snapshot();
        const sum = (list: readonly { readonly count: number }[]): number =>
          list.reduce((all, { count }) => all + count, 0);
        assert.equal(united.classes.length, whole.classes.length);
        assert.equal(united.dependencies.length, whole.dependencies.length);
        assert.equal(sum(united.dependencies), sum(whole.dependencies));
        assert.equal(merge(all.map((ld) => ld.snapshot())).totals.acquisitions, whole.totals.acquisitions);
      }),
      { numRuns: 100 },
    );
  });

  it('show both halves of a cycle, each alone', () => {
    const play = (name: Name, other: Name, thread: number): Section => ({
      thread,
      wishes: [name, other].map((one) => ({ name: one, mode: 'exclusive' })),
      inHandler: false,
    });
    const { all } = playAll([play('a', 'c', 0), play('c', 'a', 1)], 'default');
    const [violation] = (all[1] as Lockdep).snapshot().violations;
    expect(violation).toMatchObject({
      rule: 'order-cycle',
      edges: [{ count: 1 }, { count: 1, witness: { process: 't0' } }],
    });
    expect((all[1] as Lockdep).snapshot().dependencies).toHaveLength(1);
    const report = merge(all.map((ld) => ld.snapshot()));
    expect(report.violations.map(({ rule, count }) => `${rule} ×${count}`)).toEqual(['order-cycle ×1']);
  });
});

/** What a snapshot counts, by names. */
function contents(ld: Lockdep): unknown {
  const { classes, dependencies, totals } = ld.snapshot();
  const edges = dependencies.map(({ from, to, ...rest }) => [classes[from]?.key, classes[to]?.key, rest]);
  const sorted = (list: readonly unknown[]): string[] => list.map((one) => JSON.stringify(one)).sort();
  return [sorted(classes), sorted(edges), totals];
}
