import { fixtures } from '../fixtures/index.ts';
import { nodeVersions } from '../support/nodes.ts';
import { lockdepRun } from '../support/run.ts';

interface JsonReport {
  readonly violations: readonly { readonly rule: string; readonly severity: string }[];
}

describe.each(nodeVersions())('lockdep run on Node $version', ({ path: node }) => {
  it.each(fixtures)('finds in $name exactly what is there', async (fixture) => {
    const { file, nodeArguments, plain, rules, allowed } = fixture;
    const command = ['--', node, ...nodeArguments, `spec/fixtures/${file}`];
    const result = await lockdepRun(['--format', 'json', ...command], { node });

    expect(result.stdout).toBe(plain.stdout);
    if (plain.signal !== null) {
      expect(result.code).toBeGreaterThan(128);
      return;
    }
    const report = JSON.parse(jsonOf(result.stderr)) as JsonReport;
    const errors = report.violations.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
    expect(errors.filter((rule) => !(allowed as string[]).includes(rule)).sort()).toEqual([...rules].sort());
    expect(result.code).toBe(plain.code === 0 ? (errors.length > 0 ? 1 : 0) : plain.code);
  });
});

/** Node itself may warn before the report, such as of a top-level await that never settles. */
function jsonOf(stderr: string): string {
  return stderr.slice(stderr.search(/^\{/m));
}
