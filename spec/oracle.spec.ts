/**
 * The checker beside a slow and obvious model of the rules, under random events. Each event must be answered with the same
 * findings: the same defects, and each for the first time or again.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { Mode } from '../lib/model/lock.ts';
import type { Violation } from '../lib/model/violation.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { Oracle, type OracleLock, turned, type Verdict } from './rules/oracle.ts';

const OWNERS = ['p', 'q', 'r'];
const MODES: readonly Mode[] = ['exclusive', 'shared', 'recursive-shared'];
/** Nothing is held deeper than this: an event that would goes the other way. */
const DEEPEST = 5;

interface Cast {
  readonly ld: Lockdep;
  readonly oracle: Oracle;
  readonly locks: readonly { readonly real: LockInstance; readonly model: OracleLock; readonly hasReaders: boolean }[];
}

/** Two instances of one class, of this kind, beside a mutex, a spinning lock with readers and a semaphore of two. */
function castOf(pairKind: string): Cast {
  // One site for all: the model knows no places.
  const site = { file: 'somewhere.ts', line: 1, column: 1 };
  const ld = createLockdep({ profile: 'kernel', resolver: () => site, now: () => 0 });
  const kinds: readonly (readonly [name: string, kind: string, capacity: number])[] = [
    ['m', 'mutex', 1],
    ['r', 'rwlock', 1],
    ['s', 'semaphore', 2],
    ['i', pairKind, 1],
    ['i', pairKind, 1],
  ];
  const locks = kinds.map(([name, kind, capacity], at) => ({
    real: ld.lock(name, { kind, capacity }),
    model: { name: `${name}${at}`, class: name, capacity, spins: kind === 'rwlock' },
    hasReaders: kind === 'rwlock',
  }));
  return { ld, oracle: new Oracle(), locks };
}

interface Event {
  readonly owner: number;
  readonly lock: number;
  readonly isRelease: boolean;
  readonly mode: number;
  readonly isTry: boolean;
}

const event: fc.Arbitrary<Event> = fc.record({
  owner: fc.nat(OWNERS.length - 1),
  lock: fc.nat(4),
  isRelease: fc.boolean(),
  mode: fc.nat(MODES.length - 1),
  isTry: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

interface Happened {
  readonly verdict: Verdict;
  readonly isRelease: boolean;
}

/** Tells both of the event. */
function happen({ ld, oracle, locks }: Cast, { owner: at, lock: which, isRelease, mode, isTry }: Event): Happened {
  const name = OWNERS[at] as string;
  const owner = ld.owner(name);
  const held = oracle.heldBy(name);
  if (held.length > 0 && (isRelease || held.length >= DEEPEST)) {
    const { lock } = held[which % held.length] as (typeof held)[0];
    const { real } = locks.find(({ model }) => model === lock) as Cast['locks'][0];
    owner.release(real);
    return { verdict: oracle.release(name, lock), isRelease: true };
  }
  const { real, model, hasReaders } = locks[which] as Cast['locks'][0];
  const wanted = hasReaders ? (MODES[mode] as Mode) : 'exclusive';
  owner.acquire(real, { mode: wanted, try: isTry });
  return { verdict: oracle.acquire(name, { lock: model, mode: wanted, try: isTry }), isRelease: false };
}

/** The name of a defect as the model has it. */
function identity(violation: Violation): string {
  if (violation.rule === 'order-cycle') return turned(violation.edges.map(({ from }) => from.name));
  if (violation.rule === 'wait-context')
    return `wait-context ${violation.lock?.name} under ${violation.limit.lock?.name}`;
  if (violation.rule !== 'recursion') return violation.rule;
  if (violation.sameInstance) return `recursion same ${violation.lock.name}`;
  return `recursion ${violation.message.includes('opposite order') ? 'reversed' : 'nested'}`;
}

const countsOf = (ld: Lockdep): Map<string, number> =>
  new Map(ld.violations.map((violation) => [identity(violation), violation.count]));

/** The defects whose count has grown. */
function grown(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...after].filter(([name, count]) => count !== before.get(name)).map(([name]) => name);
}

interface Answer extends Happened {
  readonly told: readonly string[];
  /** Those of `told` that were never told before. */
  readonly firsts: readonly string[];
}

/** Runs all events and hands each answer to `check`. */
function play(pairKind: string, events: readonly Event[], check: (answer: Answer) => void): void {
  const cast = castOf(pairKind);
  for (const one of events) {
    const before = countsOf(cast.ld);
    const happened = happen(cast, one);
    assert.equal(cast.ld.failure, null);
    const told = grown(before, countsOf(cast.ld));
    check({ ...happened, told, firsts: told.filter((name) => !before.has(name)) });
  }
  for (const name of OWNERS) {
    const held = cast.ld.owner(name).held.map(({ lock }) => cast.locks.find(({ real }) => real === lock)?.model);
    assert.deepEqual(
      held,
      cast.oracle.heldBy(name).map(({ lock }) => lock),
    );
  }
}

/** Whether a word of the model names this defect: the model does not say of which class a recursion is. */
const names = (word: string, defect: string): boolean => defect === word || defect.startsWith(`${word} `);

/** What an acquire breaks is told each time; what comes to light by a release, and was told before, need not be. */
function checkAnswer({ verdict, isRelease, told, firsts }: Answer, seen: Set<string>): void {
  const heard = new Set(isRelease ? [...told, ...seen] : told);
  for (const word of verdict.told)
    assert.ok(
      told.some((defect) => names(word, defect)),
      `missing: ${word}`,
    );
  for (const cycles of verdict.cycles) {
    assert.ok(
      [...cycles].some((cycle) => heard.has(cycle)),
      `missing: one of ${[...cycles].join(', ')}`,
    );
  }
  for (const defect of firsts) {
    const isTold = [...verdict.told].some((word) => names(word, defect));
    assert.ok(isTold || verdict.cycles.some((cycles) => cycles.has(defect)), `not to be told: ${defect}`);
    assert.ok(!seen.has(defect), `told for the first time twice: ${defect}`);
    seen.add(defect);
  }
}

describe.each(['mutex', 'rwlock'])('the checker beside the model, with a pair of kind %s', (pairKind) => {
  it('answers every event of any sequence with the same findings', () => {
    const kindsSeen = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60, size: 'max' }), (events) => {
        const seen = new Set<string>();
        play(pairKind, events, (answer) => checkAnswer(answer, seen));
        for (const defect of seen) kindsSeen.set(defect, (kindsSeen.get(defect) ?? 0) + 1);
      }),
      { numRuns: 2000 },
    );
    // The events are no use if they never break a rule.
    const wanted = ['recursion same m', 'recursion nested', 'recursion reversed', 'pool-nesting', 'm → r', 'i → m → r'];
    wanted.push('wait-context m under r', 'wait-context s under r');
    expect(wanted.filter((defect) => (kindsSeen.get(defect) ?? 0) < 15)).toEqual([]);
  });
});
