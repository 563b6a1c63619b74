/**
 * Snapshots of all processes, workers, shards and earlier runs in, one report out. What no single process saw appears
 * here: one took A then B, another B then A. The order in which the snapshots are given changes nothing.
 * Costs one pass over everything, and one insertion into the online order for each kind of each dependency.
 */
import type { Snapshot, SnapshotAdapter, SnapshotProcess } from '../model/snapshot.ts';
import { crossProcessCycles } from './cross-process.ts';
import type { Problem, Report, ReportTotals } from './report.ts';
import { statsOf } from './stats.ts';
import { type United, unite } from './unite.ts';
import { judge } from './verdict.ts';
import { inReportOrder, uniteViolations } from './violations.ts';

export interface MergeOptions {
  /** Snapshots that could not be read. They keep the verdict from being clean. */
  readonly problems?: readonly Problem[];
  /** Sentences to show besides. */
  readonly notes?: readonly string[];
  /** Whether the report is to say what the locks cost. @default false */
  readonly stats?: boolean;
}

/** One report of all the snapshots. */
export function merge(snapshots: readonly Snapshot[], options: MergeOptions = {}): Report {
  const sorted = inOrder(snapshots);
  const united = unite(sorted);
  const reported = uniteViolations(sorted);
  const all = [...reported, ...crossProcessCycles(united, reported)];
  const listed = inReportOrder(all.filter((violation) => violation.confidence !== 'guarded'));
  const found = {
    counts: {
      errors: listed.filter((violation) => violation.severity === 'error').length,
      warnings: listed.filter((violation) => violation.severity === 'warning').length,
      guarded: all.length - listed.length,
    },
    totals: totalsOf(sorted, united),
    adapters: uniteAdapters(sorted),
    failures: sorted.flatMap(failureOf),
    problems: options.problems ?? [],
    cut: sorted.filter((snapshot) => snapshot.process.ending === 'running').length,
  };
  return {
    ...judge(found),
    counts: found.counts,
    violations: listed,
    totals: found.totals,
    adapters: found.adapters,
    limits: [...new Set(sorted.flatMap((snapshot) => snapshot.limits))],
    failures: found.failures,
    problems: found.problems,
    notes: [...notesOf(sorted), ...(options.notes ?? [])],
    processes: sorted.map((snapshot) => snapshot.process),
    classes: united.classes,
    dependencies: united.dependencies,
    ...(options.stats === true ? { stats: statsOf(united.classes) } : {}),
  };
}

/** `4242` for a main thread, `4242/1` for a worker: how snapshots name the process of a witness. */
function processLabel(process: SnapshotProcess): string {
  return process.thread === 0 ? `${process.pid}` : `${process.pid}/${process.thread}`;
}

function inOrder(snapshots: readonly Snapshot[]): readonly Snapshot[] {
  return [...snapshots].sort((left, right) => {
    const a = left.process;
    const b = right.process;
    const known = a.startedAt - b.startedAt || a.pid - b.pid || a.thread - b.thread || a.writtenAt - b.writtenAt;
    return known || compareText(JSON.stringify(left), JSON.stringify(right));
  });
}

function compareText(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}

function totalsOf(snapshots: readonly Snapshot[], united: United): ReportTotals {
  const sum = (pick: (snapshot: Snapshot) => number): number =>
    snapshots.reduce((total, snapshot) => total + pick(snapshot), 0);
  return {
    processes: countProcesses(snapshots),
    threads: countThreads(snapshots),
    classes: united.classes.length,
    dependencies: united.dependencies.length,
    instances: sum((snapshot) => snapshot.totals.instances),
    acquisitions: sum((snapshot) => snapshot.totals.acquisitions),
    owners: sum((snapshot) => snapshot.totals.owners),
    refuted: sum((snapshot) => snapshot.totals.refuted),
  };
}

/** Process ids repeat over shards (in a container most are small numbers), so the time of start tells them apart. */
function countProcesses(snapshots: readonly Snapshot[]): number {
  const mains = snapshots.filter((snapshot) => snapshot.process.thread === 0);
  const seen = new Set(mains.map(({ process }) => `${process.pid}@${process.startedAt}`));
  const pids = new Set(mains.map(({ process }) => process.pid));
  const orphans = new Set(snapshots.map(({ process }) => process.pid).filter((pid) => !pids.has(pid)));
  return seen.size + orphans.size;
}

function countThreads(snapshots: readonly Snapshot[]): number {
  const workers = snapshots.filter((snapshot) => snapshot.process.thread !== 0);
  return new Set(workers.map(({ process }) => `${processLabel(process)}@${process.startedAt}`)).size;
}

function uniteAdapters(snapshots: readonly Snapshot[]): readonly SnapshotAdapter[] {
  const seen = new Map<string, SnapshotAdapter>();
  for (const adapter of snapshots.flatMap((snapshot) => snapshot.adapters)) {
    const identity = JSON.stringify([adapter.name, adapter.version, adapter.status]);
    if (!seen.has(identity)) {
      seen.set(identity, adapter);
    }
  }
  return [...seen.entries()].sort(([left], [right]) => compareText(left, right)).map(([, adapter]) => adapter);
}

function failureOf(snapshot: Snapshot): { process: string; why: string }[] {
  return snapshot.failure === null ? [] : [{ process: processLabel(snapshot.process), why: snapshot.failure }];
}

function notesOf(snapshots: readonly Snapshot[]): readonly string[] {
  // One without a process is what a program made of its own checker while it ran.
  const cut = snapshots.filter(({ process }) => process.ending === 'running' && process.pid !== 0);
  if (cut.length === 0) {
    return [];
  }
  const shown = cut.slice(0, 3).map(({ process }) => `${processLabel(process)} (${process.command})`);
  const more = cut.length > 3 ? ` and ${cut.length - 3} more` : '';
  const who = cut.length === 1 ? 'Process' : 'Processes';
  const was = cut.length === 1 ? 'was' : 'were';
  return [
    `${who} ${shown.join(', ')}${more} ${was} killed or terminated: what happened after the last snapshot was not seen.`,
  ];
}
