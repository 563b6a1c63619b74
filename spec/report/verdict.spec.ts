import type { WaitViolation } from '../../lib/model/violation.ts';
import { merge } from '../../lib/report/merge.ts';
import { lock, nothing, snapshot } from './support/build.ts';
import { sleepWhileHeld } from './support/kernel.ts';
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
    expect(merge([nothing()])).toMatchObject({ verdict: 'could-not-check', reasons: [{}] });
    expect(merge([snapshot({ adapters: [], classes })]).verdict).toBe('clean');
  });

  test('an unknown version of the only library is named', () => {
    const adapters = [{ name: 'p-limit', version: '9.0.0', status: 'unsupported-version' as const }];
    expect(merge([nothing({ adapters })]).reasons[0]?.why).toContain('p-limit 9.0.0');
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

  test.each<[string, Partial<WaitViolation>, string]>([
    ['an error', {}, 'violations'],
    ['a warning', { severity: 'warning' }, 'clean'],
    ['a finding that is not shown', { confidence: 'guarded' }, 'clean'],
  ])('%s shows that something was watched, without any lock', (_, more, verdict) => {
    const violations = [sleepWhileHeld(more)];
    const unknown = [{ name: 'p-limit', version: '9.0.0', status: 'unsupported-version' as const }];
    expect(merge([nothing({ violations })])).toMatchObject({ verdict, reasons: [] });
    expect(merge([nothing({ violations, adapters: unknown })])).toMatchObject({ verdict, reasons: [] });
    expect(merge([nothing({ violations, process: { ending: 'running' } })])).toMatchObject({ verdict, reasons: [] });
  });

  test('locks that were taken were watched, an owner that did nothing was not', () => {
    const totals = { instances: 0, acquisitions: 0, owners: 1, refuted: 0 };
    expect(merge([nothing({ totals: { ...totals, acquisitions: 1 } })]).verdict).toBe('clean');
    expect(merge([nothing({ totals })]).verdict).toBe('could-not-check');
  });

  test('a program that was killed before it made a lock could not be checked', () => {
    const killed = merge([nothing({ process: { ending: 'running' } })]);
    expect(killed).toMatchObject({ verdict: 'could-not-check', reasons: [{ why: expect.stringContaining('killed') }] });
  });

  test('errors win, and what was not checked is still said', () => {
    const report = merge([snapshot({ classes, violations: [bankCycle()] })], { problems: [problem] });
    expect(report).toMatchObject({ verdict: 'violations', reasons: [{ why: 'x.json is empty' }] });
  });
});
