/**
 * A program that watches itself, by `lockdep/register`: at its end it prints the report that `lockdep run` would print, and
 * fails if there is something to see.
 */
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { prepareDirectory, removeFinishedRuns } from '../cli/directory.ts';
import { load } from '../cli/load.ts';
import { deliver, exitCodeOf } from '../cli/output.ts';
import { isOfRun } from '../cli/run-id.ts';
import { merge } from '../report/merge.ts';
import type { Problem } from '../report/report.ts';
import type { Session } from './session.ts';

const STDERR = 2;
const COULD_NOT_CHECK = 2;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const NOTHING = `? could not check · no lock was seen: no library of locks was loaded after lockdep/register
  What an ES module imports is loaded before its first line runs: start the program by
  \`node --import lockdep/register app.mjs\`, or use \`lockdep run\`.
`;

export interface AloneOptions {
  readonly dir: string;
  readonly run: string;
  /** What is wrong in the settings of the project. */
  readonly problems: readonly Problem[];
}

/** Reports when the program ends, on all processes that it has started. */
export function reportAtEnd(session: Session, options: AloneOptions): void {
  if (!isMainThread) {
    return;
  }
  prepareDirectory(options.dir);
  removeFinishedRuns(options.dir);
  let isReported = false;
  const report = (): void => {
    if (!isReported) {
      isReported = true;
      const code = tell(options);
      // The program's own failure counts first.
      process.exitCode = Number(process.exitCode ?? 0) === 0 ? code : process.exitCode;
    }
  };
  session.onEnd = report;
  process.on('exit', () => {
    if (!session.isStarted) {
      report();
    }
  });
  for (const signal of SIGNALS) {
    process.once(signal, () => endBy(signal, session));
  }
}

/** Prints the report. @returns the exit code that it stands for */
function tell({ dir, run, problems }: AloneOptions): number {
  const found = load([dir], { accept: (name) => isOfRun(name, run) });
  const write = (text: string): unknown => writeSync(STDERR, text);
  if (found.snapshots.length === 0 && problems.length === 0) {
    write(NOTHING);
    return COULD_NOT_CHECK;
  }
  const stats = process.env['LOCKDEP_STATS'] === '1';
  const merged = merge(found.snapshots, { problems: [...problems, ...found.problems], stats });
  deliver(merged, { format: 'text' }, { write, color: false });
  return exitCodeOf(merged);
}

// A program that listens ends by itself, or not at all; one that does not is ended by the signal, as it would have been.
function endBy(signal: NodeJS.Signals, session: Session): void {
  if (process.listenerCount(signal) === 0) {
    session.end(false);
    process.kill(process.pid, signal);
  }
}
