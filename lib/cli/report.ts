/**
 * `lockdep report [files and folders]`: one report of all these snapshots.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { merge } from '../report/merge.ts';
import type { Io } from './io.ts';
import { load } from './load.ts';
import { checkStats, deliver, exitCodeOf, nearPath, resolveOutput } from './output.ts';
import { KnownError } from './problem.ts';

export interface ReportOptions {
  readonly format: string;
  readonly output?: string;
  /** Tell what the locks cost. @default false */
  readonly stats?: boolean;
}

const DEFAULT_FOLDER = '.lockdep';

/** Reports to standard output, or to a file. */
export function report(paths: readonly string[], options: ReportOptions, io: Io): number {
  const { stats = false } = options;
  checkStats(stats, options.format);
  if (paths.length === 0 && !existsSync(path.resolve(io.cwd, DEFAULT_FOLDER))) {
    throw new KnownError(
      `no snapshots here: ${DEFAULT_FOLDER} does not exist; run a command first, as in lockdep run npm test`,
    );
  }
  const { snapshots, problems } = load(
    (paths.length === 0 ? [DEFAULT_FOLDER] : paths).map((one) => path.resolve(io.cwd, one)),
  );
  const shown = problems.map((problem) => ({ ...problem, file: nearPath(problem.file, io.cwd) }));
  const merged = merge(snapshots, { problems: shown, stats });
  const output = resolveOutput(options.output, io.cwd);
  const line = deliver(merged, { format: options.format, output }, { write: io.out, color: io.color.out });
  if (line !== '') {
    io.err(`lockdep: ${line}\n`);
  }
  return exitCodeOf(merged);
}
