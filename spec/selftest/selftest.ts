/**
 * Runs cases: each in both profiles, by one owner and by an owner for each event. After each one the checker must still
 * find what is wrong next.
 */
import { createLockdep, type Lockdep, type LockdepOptions, type RuleId, type Violation } from '../../lib/index.ts';
import { type Cast, run, type Step } from './program.ts';

/** What the checker has to say of a program. */
export interface Verdict {
  /** The findings by rule, each exactly once. */
  readonly must: readonly RuleId[];
  /** What it may say as well, where nothing decides whether it is a defect of its own. */
  readonly may?: readonly RuleId[];
  /** The context of all findings that have one. */
  readonly context?: string;
}

export interface Case {
  readonly name: string;
  readonly events: readonly Step[];
  readonly verdict: Verdict;
  /** Where the default profile knows better than the kernel. */
  readonly inDefault?: Verdict;
  readonly options?: LockdepOptions;
  /** Who runs the events, where it matters. */
  readonly casts?: readonly Cast[];
}

export const QUIET: Verdict = { must: [] };

/** One finding of each of these rules, and no other. */
export const told = (...must: readonly RuleId[]): Verdict => ({ must });

export const toldIn = (context: string, ...must: readonly RuleId[]): Verdict => ({ must, context });

const CASTS: readonly Cast[] = ['one cpu', 'a cpu for each event'];

export function selftest(cases: readonly Case[]): void {
  const rows = cases.flatMap((one) => {
    const { casts = one.events.length > 1 ? CASTS : CASTS.slice(0, 1) } = one;
    return casts.map((cast) => [one.name, cast, one] as const);
  });

  describe.each(['kernel', 'default'] as const)('in the %s profile', (profile) => {
    it.each(rows)('%s, %s', (_, cast, { events, verdict, inDefault = verdict, options = {} }) => {
      const ld = createLockdep({ ...options, profile });
      run(ld, events, cast);
      judge(ld, profile === 'default' ? inDefault : verdict);
      goesOn(ld);
    });
  });
}

function judge(ld: Lockdep, { must, may = [], context }: Verdict): void {
  const rules = ld.violations.map(({ rule }) => rule);
  const allowed = rules.filter(
    (rule, at) => may.includes(rule) && (!must.includes(rule) || rules.indexOf(rule) !== at),
  );
  expect(rules.toSorted()).toEqual([...must, ...allowed].toSorted());
  expect(ld.failure).toBeNull();
  const contexts = ld.violations.flatMap(contextOf);
  expect(contexts.filter((name) => name !== context)).toEqual([]);
}

function contextOf(violation: Violation): string[] {
  const hasContext =
    violation.rule === 'irq-inconsistent' || violation.rule === 'irq-order' || violation.rule === 'irq-inversion';
  return hasContext ? [violation.context] : [];
}

/** A report does not switch the checker off, as it does the kernel's. */
function goesOn(ld: Lockdep): void {
  const before = ld.violations.length;
  const [a, b] = [ld.lock('next a'), ld.lock('next b')];
  const owner = ld.owner('next');
  for (const [outer, inner] of [
    [a, b],
    [b, a],
  ] as const) {
    owner.acquire(outer);
    owner.acquire(inner);
    owner.release(inner);
    owner.release(outer);
  }
  owner.assertHeld(a);
  expect(ld.violations.slice(before).map(({ rule }) => rule)).toEqual(['order-cycle', 'assert-held']);
}
