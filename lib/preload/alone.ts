/**
 * A program that watches itself, by `lockdep/register`: at its end it prints the report that `lockdep run` would print, and
 * fails if there is something to see.
 */
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { load } from '../cli/load.ts';
import { deliver, exitCodeOf } from '../cli/output.ts';
import { isOfRun } from '../cli/run-id.ts';
import { merge } from '../report/merge.ts';
import type { Session } from './session.ts';

const STDERR = 2;

/** Reports when the program ends, on all processes that it has started. */
export function reportAtEnd(session: Session, { dir, run }: { readonly dir: string; readonly run: string }): void {
  if (!isMainThread) {
    return;
  }
  let isReported = false;
  const report = (): void => {
    if (isReported) {
      return;
    }
    isReported = true;
    const { snapshots, problems } = load(session.isStarted ? [dir] : [], { accept: (name) => isOfRun(name, run) });
    const merged = merge(snapshots, { problems });
    deliver(merged, { format: 'text' }, { write: (text) => writeSync(STDERR, text), color: false });
    // The program's own failure counts first.
    process.exitCode ||= exitCodeOf(merged);
  };
  session.onEnd = report;
  process.on('exit', () => {
    if (!session.isStarted) {
      report();
    }
  });
}
