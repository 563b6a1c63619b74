/**
 * Runs the programs of spec/libraries, watched and alone, and compares.
 */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { merge } from '../../lib/report/merge.ts';
import type { LibraryRow, LibrarySet } from '../libraries/row.ts';
import { nodeVersions } from './nodes.ts';
import { lockdepRun, ROOT, type RunResult, run } from './run.ts';

const LIBRARIES = path.join(ROOT, 'spec/libraries');
const PROGRAMS = path.join(LIBRARIES, 'programs');
/** Where the installed packages of each set are found from. */
const FOLDERS: Readonly<Record<LibrarySet, string>> = {
  current: PROGRAMS,
  previous: path.join(LIBRARIES, 'previous/programs'),
};

const LONGEST_MS = 25_000;

export interface RowRun {
  readonly row: LibraryRow;
  readonly version: string;
  readonly node: string;
  readonly file: string;
}

export interface ProgramOf {
  readonly title: string;
  readonly runs: readonly RowRun[];
}

/** All rows, or those of one kind, each with each version of Node that it is for. */
export function libraryPrograms({ servers }: { readonly servers: boolean }): readonly ProgramOf[] {
  const rows = readdirSync(path.join(LIBRARIES, 'rows')).flatMap(
    (file) => (require(path.join(LIBRARIES, 'rows', file)) as { rows: readonly LibraryRow[] }).rows,
  );
  return rows
    .filter(({ server }) => (server !== undefined) === servers)
    .flatMap((row) =>
      (row.sets ?? ['current']).map((set) => ({
        title: `${row.file} (${set})`,
        runs: nodeVersions()
          .filter(({ version }) => Number(version) >= (row.node ?? 20))
          .map(({ version, path: node }) => ({ row, version, node, file: programOf(row, set) })),
      })),
    );
}

function programOf({ file, with: others = [] }: LibraryRow, set: LibrarySet): string {
  const folder = FOLDERS[set];
  for (const one of set === 'current' ? [] : [file, ...others]) {
    mkdirSync(path.dirname(path.join(folder, one)), { recursive: true });
    copyFileSync(path.join(PROGRAMS, one), path.join(folder, one));
  }
  return path.join(folder, file);
}

/** Runs a program alone and watched, and holds what comes out against its row. */
export async function runRow({ row, node, file }: RowRun): Promise<void> {
  const cwd = path.dirname(path.dirname(file));
  const env = row.env ?? {};
  const program = path.relative(cwd, file);
  const since = performance.now();
  const timed = lockdepRun(['--', node, program], { node, cwd, env }).then((result) => {
    return { ...result, tookMs: performance.now() - since };
  });
  const [alone, watched] = await Promise.all([run([program], { node, cwd, env }), timed]);
  expect({ stdout: watched.stdout, code: alone.code }).toEqual({ stdout: alone.stdout, code: row.code ?? 0 });
  expect(watched.tookMs).toBeLessThan(row.withinMs ?? LONGEST_MS);
  const { errors, warnings } = findings(watched);
  const { rules, allowed = [], warnings: wanted = [] } = row;
  const unexpected = errors.filter((rule) => !(allowed as readonly string[]).includes(rule)).sort();
  expect({ errors: unexpected, report: watched.stderr }).toEqual({
    errors: [...rules].sort(),
    report: watched.stderr,
  });
  expect(warnings).toEqual(expect.arrayContaining([...wanted]));
  expect(watched.code).toBe(alone.code === 0 ? (errors.length > 0 ? 1 : 0) : alone.code);
  for (const text of row.says ?? []) {
    expect(watched.stderr).toMatch(text);
  }
}

function findings(watched: RunResult): { errors: string[]; warnings: string[] } {
  const { violations } = merge(watched.snapshots());
  const rulesOf = (severity: string): string[] =>
    violations.filter((one) => one.severity === severity).map(({ rule }) => rule);
  return { errors: rulesOf('error'), warnings: rulesOf('warning') };
}
