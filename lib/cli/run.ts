/**
 * `lockdep run <command>`: the command with the checker in every Node process that it starts, then one report of them all.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '../preload/config.ts';
import { ownAdapters } from '../preload/own-adapters.ts';
import { merge } from '../report/merge.ts';
import type { Report } from '../report/report.ts';
import { type Ending, runChild } from './child.ts';
import { prepareDirectory, projectRoot, removeFinishedRuns } from './directory.ts';
import { checkedEnvironment } from './environment.ts';
import type { Io } from './io.ts';
import { load } from './load.ts';
import { checkStats, deliver, exitCodeOf, nearPath, proveOutput, resolveOutput } from './output.ts';
import { inWords, KnownError } from './problem.ts';
import { isGoingOn, isOfRun, newRun } from './run-id.ts';
import { makeShim, removeShim } from './shim.ts';

export interface RunOptions {
  /** Folder for the snapshots. @default '.lockdep' */
  readonly dir: string;
  readonly format: string;
  readonly output?: string;
  /** Leave the snapshots of earlier runs where they are. @default false */
  readonly keep?: boolean;
  /** Measure, and tell, what the locks cost. Also where `LOCKDEP_STATS=1` is set. @default false */
  readonly stats?: boolean;
}

/**
 * Runs the command and reports to standard error, or to a file. Standard output belongs to the command alone.
 * @returns the command's own code if it failed, else what the report says
 */
export async function run(command: readonly string[], options: RunOptions, io: Io): Promise<number> {
  if (isInsideAnotherRun(io.env)) {
    io.err('lockdep: inside another lockdep run, which will report on this command, too\n');
    return (await start(command, io, io.env)).code;
  }
  if (!existsSync(io.preload)) {
    throw new KnownError(`its own file ${io.preload} is missing; install lockdep again`);
  }
  const root = projectRoot(io.cwd);
  const stats = options.stats === true || io.env['LOCKDEP_STATS'] === '1';
  checkStats(stats, options.format);
  checkSettings(root);
  const directory = path.resolve(io.cwd, options.dir);
  const output = resolveOutput(options.output, io.cwd);
  prepareDirectory(directory);
  proveOutput(output);
  if (options.keep !== true) {
    removeFinishedRuns(directory);
  }
  const id = newRun(Date.now(), process.pid);
  const { ending, notes } = await runChecked(command, { id, directory, root, stats }, io);
  if (ending.signal !== null) {
    io.err(`lockdep: the command was ended by ${ending.signal}\n`);
  }
  const report = reportOf(id, { directory, notes, stats, io });
  const line = deliver(report, { format: options.format, output }, { write: io.err, color: io.color.err });
  if (line !== '') {
    io.err(`lockdep: ${line}\n`);
  }
  return ending.code === 0 ? exitCodeOf(report) : ending.code;
}

/** @throws KnownError where the settings of the project are wrong, before the command is run for nothing */
function checkSettings(root: string): void {
  try {
    for (const name of readConfig(root).adapters) {
      ownAdapters(root, name);
    }
  } catch (error) {
    throw new KnownError(inWords(error));
  }
}

/** One run under the checker. */
interface Checked {
  readonly id: string;
  readonly directory: string;
  readonly root: string;
  readonly stats: boolean;
}

interface Started {
  readonly ending: Ending;
  readonly notes: readonly string[];
}

async function runChecked(
  command: readonly string[],
  { id, directory, root, stats }: Checked,
  io: Io,
): Promise<Started> {
  const { shim, notes } = tryShim(io.preload);
  try {
    const settings = { preload: io.preload, directory, run: id, root, shim, stats };
    return { ending: await start(command, io, checkedEnvironment(io.env, settings)), notes };
  } finally {
    removeShim(shim);
  }
}

/** Without it most programs are watched all the same, so the run goes on, and says so. */
function tryShim(preload: string): { readonly shim: string | undefined; readonly notes: readonly string[] } {
  try {
    return { shim: makeShim(preload), notes: [] };
  } catch (error) {
    const why = inWords(error);
    return {
      shim: undefined,
      notes: [`Processes started with a NODE_OPTIONS of their own were not watched: no temporary folder (${why}).`],
    };
  }
}

function start(command: readonly string[], io: Io, env: NodeJS.ProcessEnv): Promise<Ending> {
  return runChild(command, { cwd: io.cwd, env, stdio: io.stdio ?? 'inherit' });
}

function reportOf(
  id: string,
  { directory, notes, stats, io }: { directory: string; notes: readonly string[]; stats: boolean; io: Io },
): Report {
  const { snapshots, problems } = load([directory], { accept: (name) => isOfRun(name, id) });
  const shown = problems.map((problem) => ({ ...problem, file: nearPath(problem.file, io.cwd) }));
  const off = io.env['LOCKDEP'] === 'off' ? ['LOCKDEP=off is set, so nothing was watched: unset it to check.'] : [];
  return merge(snapshots, { problems: shown, notes: [...notes, ...off], stats });
}

/** The outer run has already put the checker into everything below it. */
function isInsideAnotherRun(env: NodeJS.ProcessEnv): boolean {
  const outer = env['LOCKDEP_RUN'];
  return outer !== undefined && env['LOCKDEP_DIR'] !== undefined && isGoingOn(outer);
}
