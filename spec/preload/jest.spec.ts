import path from 'node:path';
import { FIXTURES, lockdepRun, ROOT } from '../support/run.ts';

const JEST = path.join(ROOT, 'node_modules/jest/bin/jest.js');
const CONFIG = path.join(FIXTURES, 'jest/jest.config.json');

interface JsonReport {
  readonly violations: readonly {
    readonly rule: string;
    readonly edges: readonly {
      readonly witness: { readonly owner: string; readonly asked: { readonly line: number } };
    }[];
  }[];
}

describe('a jest run', () => {
  it.each([
    ['in one process', '--runInBand'],
    ['in worker processes', '--maxWorkers=2'],
  ])('is watched %s, and a cycle over two test files is found', async (_, mode) => {
    const result = await lockdepRun(['--format', 'json', '--', process.execPath, JEST, '--config', CONFIG, mode]);

    expect(result.stderr).toContain('2 passed, 2 total');
    expect(result.code).toBe(1);
    const report = JSON.parse(result.stderr.slice(result.stderr.search(/^\{/m))) as JsonReport;
    expect(report.violations.map(({ rule }) => rule)).toEqual(['order-cycle']);
    const seen = report.violations[0]?.edges.map(({ witness }) => [witness.owner.split('#')[0], witness.asked.line]);
    expect(seen?.sort()).toEqual([
      ['Bank.audit', 15],
      ['Bank.settle', 10],
    ]);
  });
});
