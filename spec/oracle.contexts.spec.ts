/**
 * The rules of contexts beside a slow and obvious model of them, under random events; and what holds for every program.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Lockdep } from '../lib/lockdep.ts';
import type { IrqPathViolation, Violation } from '../lib/model/violation.ts';
import { ContextOracle, type ContextVerdict, type Kind } from './rules/oracle-contexts.ts';
import { type Event, events, kindsOf, linesOf, Real, someKinds } from './rules/oracle-events.ts';
import { CONTEXTS } from './rules/oracle-usage.ts';

const RUNS = Number(process.env['ORACLE_RUNS'] ?? 1000);

const isPath = (violation: Violation): violation is IrqPathViolation =>
  violation.rule === 'irq-order' || violation.rule === 'irq-inversion';

/** What the violation says, in the words of the model. */
function wordOf(violation: Violation): string {
  if (violation.rule === 'irq-inconsistent') return `${violation.context}: ${violation.lock.name}`;
  return isPath(violation) ? `${violation.context}: ${violation.safe.name} → ${violation.unsafe.name}` : violation.rule;
}

/** The steps lead from the safe class to the unsafe one, each of them a dependency that was seen. */
function checkPath({ path, safe, unsafe }: IrqPathViolation, oracle: ContextOracle): void {
  const classes = [...path.map(({ from }) => from.name), unsafe.name];
  assert.deepEqual([safe.name, ...path.map(({ to }) => to.name)], classes);
  for (const { from, to } of path)
    assert.ok(oracle.hasSeen(from.name, to.name), `${from.name} → ${to.name} was never seen`);
}

/** What one line was answered with. */
interface Answer {
  readonly verdict: ContextVerdict;
  /** The verdict on the line before. */
  readonly before: ContextVerdict;
  /** The pairs that were told before. */
  readonly known: ReadonlySet<string>;
  readonly isLock: boolean;
  /** Told for the first time or again. */
  readonly told: readonly Violation[];
  readonly firsts: readonly Violation[];
}

function checkAnswer({ verdict, before, known, isLock, told, firsts }: Answer): void {
  const ruled = (all: readonly Violation[], ...rules: string[]): string[] =>
    all.filter(({ rule }) => rules.includes(rule)).map(wordOf);
  const news = (now: ReadonlySet<string>, then: ReadonlySet<string>): string[] =>
    [...now].filter((one) => !then.has(one));
  const isTold = (rule: string): boolean => ruled(isLock ? told : firsts, rule).length > 0;
  assert.equal(isTold('wait-context'), verdict.waits, 'wait-context');
  assert.equal(isTold('recursion'), verdict.recursion, 'recursion');
  if (isLock && verdict.cycle) assert.ok(isTold('order-cycle'), 'missing: order-cycle');
  if (!verdict.cycle) assert.deepEqual(ruled(firsts, 'order-cycle'), []);
  assert.deepEqual(ruled(firsts, 'irq-inconsistent').sort(), news(verdict.conflicts, before.conflicts).sort());
  assert.deepEqual(
    ruled(told, 'irq-inconsistent').filter((one) => !verdict.conflicts.has(one)),
    [],
  );
  const pairs = ruled(told, 'irq-order', 'irq-inversion');
  assert.deepEqual(
    pairs.filter((pair) => !verdict.widePairs.has(pair)),
    [],
    'not to be told',
  );
  for (const context of CONTEXTS) {
    const missing = news(verdict.pairs, before.pairs).filter((pair) => pair.startsWith(context) && !known.has(pair));
    // A release that finds a pair again does not count it.
    const hasTold = [...pairs, ...(isLock ? [] : known)].some((pair) => pair.startsWith(context));
    assert.ok(missing.length === 0 || hasTold, `missing: one of ${missing.join(', ')}`);
  }
  const rules = ['wait-context', 'recursion', 'order-cycle', 'irq-inconsistent', 'irq-order', 'irq-inversion'];
  assert.deepEqual(
    told.filter(({ rule }) => !rules.includes(rule)),
    [],
  );
}

const QUIET: ContextVerdict = {
  waits: false,
  recursion: false,
  cycle: false,
  conflicts: new Set(),
  pairs: new Set(),
  widePairs: new Set(),
};

/** Tells the line to both and compares the answers. */
function tellBoth(real: Real, oracle: ContextOracle, line: string, before: ContextVerdict): ContextVerdict {
  const counts = new Map(real.ld.violations.map(({ fingerprint, count }) => [fingerprint, count]));
  const known = new Set(real.ld.violations.filter(isPath).map(wordOf));
  const verdict = oracle.tell(line);
  real.tell(line);
  const told = real.ld.violations.filter(({ fingerprint, count }) => count !== counts.get(fingerprint));
  const firsts = told.filter(({ fingerprint }) => !counts.has(fingerprint));
  checkAnswer({ verdict, before, known, isLock: line.includes(' lock '), told, firsts });
  for (const one of firsts) if (isPath(one)) checkPath(one, oracle);
  return verdict;
}

/** A failure says which lines came before it. */
function compare(kinds: readonly Kind[], all: readonly Event[]): Lockdep {
  const oracle = new ContextOracle(kindsOf(kinds));
  const real = new Real(oracle.kinds);
  const lines = [`classes: ${kinds}`];
  let before = QUIET;
  for (const one of all) {
    for (const line of linesOf(one, oracle)) {
      lines.push(line);
      try {
        before = tellBoth(real, oracle, line, before);
      } catch (error) {
        throw new Error(`${lines.join('\n  ')}\n${(error as Error).message}`, { cause: error });
      }
    }
  }
  return real.ld;
}

describe('the checker beside the model of contexts', () => {
  it('answers every event of any sequence with the same findings', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(someKinds, events, (kinds, all) => {
        for (const { rule } of compare(kinds, all).violations) seen.set(rule, (seen.get(rule) ?? 0) + 1);
      }),
      { numRuns: RUNS },
    );
    // The events are no use if they never break a rule.
    const wanted = ['wait-context', 'irq-inconsistent', 'irq-order', 'irq-inversion', 'order-cycle', 'recursion'];
    expect(wanted.filter((rule) => (seen.get(rule) ?? 0) < RUNS / 20)).toEqual([]);
  });
});

describe('a program', () => {
  it('that is quiet under the model is quiet in the checker', () => {
    let told = 0;
    fc.assert(
      fc.property(someKinds, events, (kinds, all) => {
        const quiet = quietLines(kinds, all);
        const real = new Real(kindsOf(kinds));
        for (const line of quiet) real.tell(line);
        assert.deepEqual(real.ld.violations, [], quiet.join('\n  '));
        if (quiet.length > 20) told++;
      }),
      { numRuns: RUNS / 5 },
    );
    expect(told).toBeGreaterThan(RUNS / 20);
  });

  it('is told the same of its classes whatever they are called', () => {
    const strange = ['__proto__', 'constructor', '', '\u0000', '锁', 'toString', '🔒'];
    fc.assert(
      fc.property(someKinds, events, fc.shuffledSubarray(strange, { minLength: 5 }), (kinds, all, labels) => {
        const oracle = new ContextOracle(kindsOf(kinds));
        const plain = new Real(oracle.kinds);
        const hostile = new Real(oracle.kinds, (name) => labels['abcde'.indexOf(name)] as string);
        for (const line of all.flatMap((one) => heard(linesOf(one, oracle), oracle))) {
          plain.tell(line);
          hostile.tell(line);
        }
        assert.deepEqual(shape(hostile.ld, labels), shape(plain.ld, [...'abcde']));
      }),
      { numRuns: RUNS / 5 },
    );
  });

  it('that takes locks with all contexts disabled alone gets no report of interrupts', () => {
    let cycles = 0;
    fc.assert(
      fc.property(someKinds, sections, (kinds, all) => {
        const oracle = new ContextOracle(kindsOf(kinds));
        const real = new Real(oracle.kinds);
        for (const line of all.flatMap((one) => guarded(one))) real.tell(line);
        assert.deepEqual(
          real.ld.violations.map(wordOf).filter((word) => word.includes(':')),
          [],
        );
        if (real.ld.violations.some(({ rule }) => rule === 'order-cycle')) cycles++;
      }),
      { numRuns: RUNS / 5 },
    );
    expect(cycles).toBeGreaterThan(RUNS / 50);
  });
});

/** The lines, after the model has heard them. */
function heard(lines: readonly string[], oracle: ContextOracle): readonly string[] {
  for (const line of lines) oracle.tell(line);
  return lines;
}

/** All that was found, with every class by its number. */
function shape(ld: Lockdep, labels: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(ld.violations), (field, value) => {
    if (field === 'fingerprint' || field === 'message') return undefined;
    return typeof value === 'string' && labels.includes(value) ? labels.indexOf(value) : value;
  });
}

/** Leaves out each event that the model, told all the others so far, finds fault with. */
function quietLines(kinds: readonly Kind[], all: readonly Event[]): string[] {
  const quiet: string[] = [];
  for (const one of all) {
    const oracle = new ContextOracle(kindsOf(kinds));
    heard(quiet, oracle);
    const lines = linesOf(one, oracle);
    const verdicts = lines.map((line) => oracle.tell(line));
    const isQuiet = verdicts.every(({ conflicts, widePairs, ...now }) => {
      return conflicts.size + widePairs.size === 0 && !Object.values(now).includes(true);
    });
    if (isQuiet) quiet.push(...lines);
  }
  return quiet;
}

interface Section {
  readonly owner: string;
  readonly context: string;
  readonly locks: readonly number[];
}

const sections: fc.Arbitrary<Section[]> = fc.array(
  fc.record({
    owner: fc.constantFrom('p', 'q'),
    context: fc.constantFrom('', ...CONTEXTS),
    locks: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
  }),
  { maxLength: 12 },
);

/** The section in the context, with all of them disabled around it. */
function guarded({ owner, context, locks }: Section): string[] {
  const names = locks.map((lock) => 'abcd'[lock]);
  const inner = [
    'save',
    'disable softirq',
    'disable tick',
    ...names.map((name) => `lock ${name}`),
    ...names.map((name) => `unlock ${name}`),
    'enable tick',
    'enable softirq',
    'restore',
  ];
  const lines = context === '' ? inner : [`enter ${context}`, ...inner, `exit ${context}`];
  return lines.map((line) => `${owner} ${line}`);
}
