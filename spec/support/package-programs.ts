/**
 * Runs the programs of spec/packages, real workloads of well-known packages, watched and alone, and compares.
 */
import path from 'node:path';
import type { RuleId } from '../../lib/model/violation.ts';
import { merge } from '../../lib/report/merge.ts';
import { nodeVersions } from './nodes.ts';
import { lockdepRun, ROOT, run } from './run.ts';

/** A real workload of a well-known package. */
export interface PackageProgram {
  /** File below `spec/packages/programs`. */
  readonly file: string;
  /** The libraries that must be watched, with their versions: what the package brings along. */
  readonly watched: readonly string[];
  /** Acquisitions that are seen at least. */
  readonly acquisitions: number;
  /** What is wrong in it, where that is what it is for, as findings of which each is an error. @default nothing */
  readonly finds?: readonly RuleId[];
  /** The oldest version of Node that the package runs on. @default 20 */
  readonly node?: 20 | 22;
  /** Environment of the program. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface PackageRun {
  readonly program: PackageProgram;
  readonly version: string;
  readonly node: string;
}

const PACKAGES = path.join(ROOT, 'spec/packages');
const TIMEOUT_MS = 50_000;

/** A program with each version of Node that its package runs on. */
export function runsOf(program: PackageProgram): readonly PackageRun[] {
  return nodeVersions()
    .filter(({ version }) => Number(version) >= (program.node ?? 20))
    .map(({ version, path: node }) => ({ program, version, node }));
}

/** Runs a program alone and watched: the same comes out, its locks were seen, and nothing is said against it but what is wrong in it. */
export async function runPackage({ program, node }: PackageRun): Promise<void> {
  const { finds = [] } = program;
  const file = path.join('programs', program.file);
  const options = { node, cwd: PACKAGES, env: program.env ?? {}, timeoutMs: TIMEOUT_MS };
  const [alone, watched] = await Promise.all([run([file], options), lockdepRun(['--', node, file], options)]);

  expect({ code: alone.code, stderr: alone.stderr }).toEqual({ code: 0, stderr: alone.stderr });
  expect(alone.stdout).toMatch(/\n$/);
  const { stdout, code, stderr: report } = watched;
  expect({ stdout, code, report }).toEqual({ stdout: alone.stdout, code: finds.length > 0 ? 1 : 0, report });

  const { violations } = merge(watched.snapshots());
  const found = violations.map(({ rule, severity }) => ({ rule, severity }));
  expect({ found, report }).toEqual({ found: finds.map((rule) => ({ rule, severity: 'error' })), report });
  // What the program itself says on standard error comes first, as it was.
  expect(report.slice(0, alone.stderr.length)).toBe(alone.stderr);
  expect(report).toContain(`\n  watched  ${program.watched.join(', ')} · `);
  const [snapshot, ...others] = watched.snapshots();
  expect(others).toEqual([]);
  expect(snapshot).toMatchObject({ failure: null, limits: [], process: { ending: 'drained' } });
  expect(snapshot?.totals.acquisitions).toBeGreaterThanOrEqual(program.acquisitions);
}
