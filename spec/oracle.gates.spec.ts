/**
 * Gates beside the truth. A lock that is held by two owners at once, in modes that exclude each other, is no program's
 * doing: so of all that was asked for under what was held, some can happen together and some cannot. What can happen
 * together and then never ends must be reported; what no reading of the gates allows must not.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLockdep } from '../lib/lockdep.ts';
import type { Mode } from '../lib/model/lock.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { edgeOf, type OracleEdge, type OracleHeld, strongCycles } from './rules/oracle.ts';

const KINDS = { g: 'mutex', h: 'rwsem', a: 'mutex', b: 'mutex', c: 'rwsem', d: 'mutex' } as const;
const NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];
const MODELS = NAMES.map((name) => ({ name, class: name, capacity: 1 }));

/** A lock asked for under others. */
interface Ask {
  readonly held: readonly OracleHeld[];
  readonly wanted: OracleHeld;
}

/** Locks taken one inside the other, and the order in which they are given back. */
interface Section {
  readonly owner: string;
  readonly taken: readonly OracleHeld[];
  readonly given: readonly number[];
}

const section: fc.Arbitrary<Section> = fc
  .uniqueArray(fc.record({ lock: fc.nat(NAMES.length - 1), isReader: fc.boolean() }), {
    minLength: 2,
    maxLength: 4,
    selector: ({ lock }) => lock,
  })
  .chain((taken) =>
    fc.record({
      owner: fc.constantFrom('p', 'q', 'r'),
      taken: fc.constant(
        taken.map(({ lock, isReader }): OracleHeld => {
          const model = MODELS[lock] as (typeof MODELS)[0];
          const hasReaders = KINDS[model.name] === 'rwsem';
          return { lock: model, mode: hasReaders && isReader ? 'shared' : 'exclusive', try: false };
        }),
      ),
      given: fc.shuffledSubarray([...taken.keys()], { minLength: taken.length }),
    }),
  );

const asksOf = ({ taken }: Section): Ask[] => taken.map((wanted, at) => ({ held: taken.slice(0, at), wanted }));

const exclude = (one: Mode, other: Mode): boolean => one === 'exclusive' || other === 'exclusive';

/** Whether no lock stands against two owners asking so at one time. */
const agree = (one: Ask, other: Ask): boolean =>
  one.held.every((mine) => other.held.every((theirs) => mine.lock !== theirs.lock || !exclude(mine.mode, theirs.mode)));

const waitsFor = ({ wanted }: Ask, { held }: Ask): boolean =>
  held.some(({ lock, mode }) => lock === wanted.lock && exclude(mode, wanted.mode));

/** Whether owners that ask so at one time, each for what the next one holds, can come to stand in a ring. */
function canBlock(asks: readonly Ask[]): boolean {
  const open: Ask[][] = asks.map((ask) => [ask]);
  for (const ring of open) {
    const [first, last] = [ring[0] as Ask, ring.at(-1) as Ask];
    if (ring.length > 1 && waitsFor(last, first)) return true;
    const nexts = asks.filter((ask) => waitsFor(last, ask) && ring.every((one) => one !== ask && agree(one, ask)));
    open.push(...nexts.map((next) => [...ring, next]));
  }
  return false;
}

/** Which locks, and whether exclusively, were held each time that one class was asked for under another. */
function gatesByPair(asks: readonly Ask[]): Map<string, Map<string, boolean>> {
  const gates = new Map<string, Map<string, boolean>>();
  for (const { held, wanted } of asks) {
    for (const holder of held) {
      const pair = `${holder.lock.class} → ${wanted.lock.class}`;
      const now = new Map(
        held.filter((one) => one !== holder).map(({ lock, mode }) => [lock.name, mode === 'exclusive']),
      );
      const known = gates.get(pair) ?? now;
      const common = [...known].filter(([name]) => now.has(name));
      gates.set(pair, new Map(common.map(([name, isExclusive]) => [name, isExclusive && now.get(name) === true])));
    }
  }
  return gates;
}

/** Whether there is a strong cycle of which no two steps were always gone under one lock that keeps others out. */
function hasOpenCycle(asks: readonly Ask[]): boolean {
  const gates = gatesByPair(asks);
  const gatesOf = ({ from, to }: OracleEdge): Map<string, boolean> => gates.get(`${from} → ${to}`) ?? new Map();
  const edges = asks.flatMap(({ held, wanted }) => held.map((holder) => edgeOf(holder, wanted)));
  const excluded = (one: OracleEdge, other: OracleEdge): boolean =>
    one !== other &&
    [...gatesOf(one)].some(([name, isExclusive]) => {
      const theirs = gatesOf(other).get(name);
      return theirs !== undefined && (isExclusive || theirs);
    });
  return edges.some((first) =>
    strongCycles(first, edges).some((cycle) => !cycle.some((one) => cycle.some((other) => excluded(one, other)))),
  );
}

/** Runs the sections one after the other. True if a cycle was reported. */
function reports(sections: readonly Section[]): boolean {
  const ld = createLockdep({ resolver: () => null, now: () => 0 });
  const real = new Map<string, LockInstance>(NAMES.map((name) => [name, ld.lock(name, { kind: KINDS[name] })]));
  const realOf = ({ lock }: OracleHeld): LockInstance => real.get(lock.name) as LockInstance;
  for (const { owner, taken, given } of sections) {
    for (const one of taken) ld.owner(owner).acquire(realOf(one), { mode: one.mode });
    for (const at of given) ld.owner(owner).release(realOf(taken[at] as OracleHeld));
  }
  assert.equal(ld.failure, null);
  return ld.violations.some(({ rule }) => rule === 'order-cycle');
}

function unique(asks: readonly Ask[]): Ask[] {
  const shown = ({ lock, mode }: OracleHeld): string => `${lock.name} ${mode}`;
  return [...new Map(asks.map((ask) => [[...ask.held, ask.wanted].map(shown).join(), ask])).values()];
}

describe('the two questions that the reports are held against', () => {
  it('agree: where owners can stand in a ring there is a cycle that no lock stands against', () => {
    fc.assert(
      fc.property(fc.array(section, { maxLength: 5 }), (all) => {
        const asks = unique(all.flatMap(asksOf));
        assert.ok(!canBlock(asks) || hasOpenCycle(asks));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a cycle of which some steps were taken under a common lock', () => {
  const sections = fc.array(section, { minLength: 1, maxLength: 5 });

  it('is reported if owners can come to stand in a ring all the same', () => {
    let blocked = 0;
    fc.assert(
      fc.property(sections, (all) => {
        fc.pre(canBlock(unique(all.flatMap(asksOf))));
        blocked++;
        assert.equal(reports(all), true);
      }),
      { numRuns: 1500, maxSkipsPerRun: 20 },
    );
    expect(blocked).toBeGreaterThan(1000);
  });

  it('is not reported if two of its steps were always taken under that lock', () => {
    let quiet = 0;
    fc.assert(
      fc.property(sections, (all) => {
        if (hasOpenCycle(unique(all.flatMap(asksOf)))) return;
        quiet++;
        assert.equal(reports(all), false);
      }),
      { numRuns: 1500 },
    );
    expect(quiet).toBeGreaterThan(300);
  });
});
