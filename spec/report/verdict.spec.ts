import { merge } from '../../lib/report/merge.ts';
import { lock, snapshot } from './support/build.ts';
import { bankCycle, recursion } from './support/violations.ts';

describe('the verdict', () => {
  const classes = [lock('orders')];
  const problem = { file: 'x.json', problem: 'is empty', remedy: 'Run again.' };

  test('warnings alone are clean', () => {
    const violations = [recursion(false, { severity: 'warning' })];
    expect(merge([snapshot({ classes, violations })]).verdict).toBe('clean');
  });

  test('a watched library that took no lock is clean, no watched library is not', () => {
    expect(merge([snapshot()]).verdict).toBe('clean');
    expect(merge([snapshot({ adapters: [] })])).toMatchObject({ verdict: 'could-not-check', reasons: [{}] });
    expect(merge([snapshot({ adapters: [], classes })]).verdict).toBe('clean');
  });

  test('an unknown version of the only library is named', () => {
    const adapters = [{ name: 'p-limit', version: '9.0.0', status: 'unsupported-version' as const }];
    expect(merge([snapshot({ adapters })]).reasons[0]?.why).toContain('p-limit 9.0.0');
  });

  test('nothing at all is not clean', () => {
    expect(merge([]).verdict).toBe('could-not-check');
  });

  test.each([
    ['a checker that gave up', merge([snapshot({ classes }), snapshot({ failure: 'out of memory' })])],
    ['an adapter that failed', merge([snapshot({ adapters: [{ name: 'pg', version: '8.0.0', status: 'failed' }] })])],
    ['a snapshot that cannot be read', merge([snapshot({ classes })], { problems: [problem] })],
  ])('%s could not be checked', (_, report) => {
    expect(report).toMatchObject({ verdict: 'could-not-check', reasons: [{}] });
  });

  test('a program that was killed before it made a lock could not be checked', () => {
    const killed = merge([snapshot({ process: { ending: 'running' } })]);
    expect(killed).toMatchObject({ verdict: 'could-not-check', reasons: [{ why: expect.stringContaining('killed') }] });
  });

  test('errors win, and what was not checked is still said', () => {
    const report = merge([snapshot({ classes, violations: [bankCycle()] })], { problems: [problem] });
    expect(report).toMatchObject({ verdict: 'violations', reasons: [{ why: 'x.json is empty' }] });
  });
});
