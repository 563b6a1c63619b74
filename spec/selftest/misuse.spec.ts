/**
 * A lock that is given back twice, and one that is made anew while it is held. How sure and how grave a recursion is.
 */
import { createLockdep } from '../../lib/index.ts';
import { EXCLUSIVE, PLAIN_READERS, RECURSIVE_READERS } from './how.ts';
import { all, give, init, pair, run, type Step, take, use } from './program.ts';
import { QUIET, selftest, told } from './selftest.ts';

const WAYS = [...EXCLUSIVE, ...PLAIN_READERS, ...RECURSIVE_READERS];

describe('a double unlock', () => {
  selftest(
    WAYS.map((how) => {
      return { name: how.label, events: [all(use(how, 'A'), give(how, 'A'))], verdict: told('bad-release') };
    }),
  );
});

describe('an unlock of the other one of the class', () => {
  selftest(
    WAYS.map((how) => {
      return { name: how.label, events: [all(take(how, 'X1'), give(how, 'X2'))], verdict: told('bad-release') };
    }),
  );
});

describe('initialising a lock that is held', () => {
  selftest(
    WAYS.map((how) => {
      return { name: how.label, events: [all(take(how, 'A'), init(how, 'A'))], verdict: told('held-reinit') };
    }),
  );
});

describe('initialising a lock that is free, or while another one is held', () => {
  selftest(
    WAYS.flatMap((how) => [
      { name: `free: ${how.label}`, events: [init(how, 'A'), use(how, 'A'), init(how, 'A')], verdict: QUIET },
      { name: `another: ${how.label}`, events: [all(take(how, 'A'), init(how, 'B'))], verdict: QUIET },
    ]),
  );
});

describe('two locks of one class', () => {
  const nested = (second: string): (readonly [string, readonly Step[]])[] =>
    [...EXCLUSIVE, ...PLAIN_READERS].map((how) => [how.label, [all(take(how, 'X1'), take(how, second))]]);

  /** What the kernel profile and the default one say. */
  const said = (events: readonly Step[]): string[][] =>
    (['kernel', 'default'] as const).map((profile) => {
      const ld = createLockdep({ profile });
      run(ld, events, 'one cpu');
      return ld.violations.map(({ rule, severity, confidence }) => `${rule}: ${severity}, ${confidence}`);
    });

  it.each(nested('X2'))('are an error in the kernel profile, a warning in the default one: %s', (_, events) => {
    expect(said(events)).toEqual([['recursion: error, possible'], ['recursion: warning, possible']]);
  });

  it.each(nested('X1'))('that are one and the same are an error in both: %s', (_, events) => {
    // A reader that a waiting writer would stop is only stopped if there is one: how sure that is is left open.
    const grades = said(events).map((all) => all.map((one) => one.replace(/, .*/, '')));
    expect(grades).toEqual([['recursion: error'], ['recursion: error']]);
  });

  it.each(EXCLUSIVE.map((how) => [how.label, how] as const))(
    'that are one and the same are sure to block: %s',
    (_, how) => {
      const events = [all(take(how, 'X1'), take(how, 'X1'))];
      expect(said(events)).toEqual([['recursion: error, certain'], ['recursion: error, certain']]);
    },
  );

  it.each([...EXCLUSIVE, ...PLAIN_READERS].map((how) => [how.label, how] as const))(
    'are an error in both once both directions are known: %s',
    (_, how) => {
      const [one, other] = [[how, 'X1'] as const, [how, 'X2'] as const];
      const [kernel, ours] = said([pair(one, other), pair(other, one)]);
      expect(kernel).toContain('recursion: error, possible');
      expect(ours).toContain('recursion: error, possible');
    },
  );
});
