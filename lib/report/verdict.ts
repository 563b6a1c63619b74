/**
 * What the run amounts to. A clean verdict must be earned: whatever could not be watched, read or finished stands against it.
 */
import type { AdapterStatus, SnapshotAdapter } from '../model/snapshot.ts';
import type { Problem, Reason, ReportCounts, ReportFailure, ReportTotals, Verdict } from './report.ts';

/** What the verdict is drawn from. */
export interface Found {
  readonly counts: ReportCounts;
  readonly totals: ReportTotals;
  readonly adapters: readonly SnapshotAdapter[];
  readonly failures: readonly ReportFailure[];
  readonly problems: readonly Problem[];
  /** How many processes were killed before their last snapshot. */
  readonly cut: number;
}

/** Errors win: they are true whatever else went wrong. */
export function judge(found: Found): { verdict: Verdict; reasons: readonly Reason[] } {
  const reasons = [...unread(found), ...gaveUp(found), ...unwatched(found)];
  if (found.counts.errors > 0) {
    return { verdict: 'violations', reasons };
  }
  return { verdict: reasons.length > 0 ? 'could-not-check' : 'clean', reasons };
}

/** What broke a rule, or took a lock, was watched, whatever classes and libraries were seen. */
function hasWatched({ counts: { errors, warnings, guarded }, totals }: Found): boolean {
  return errors + warnings + guarded > 0 || totals.acquisitions > 0;
}

function unread({ problems }: Found): readonly Reason[] {
  return problems.map(({ file, problem, remedy }) => ({ why: `${file} ${problem}`, remedy }));
}

function gaveUp({ failures, adapters }: Found): readonly Reason[] {
  const checker = failures.map(({ process, why }) => ({
    why: `the checker gave up in process ${process}: ${why}`,
    remedy: 'This is a defect of lockdep itself: please report it with this line.',
  }));
  const failed = adapters.filter((adapter) => adapter.status === 'failed');
  const broken = failed.map(({ name, version }) => ({
    why: `the locks of ${name} ${version} were not watched: its adapter failed`,
    remedy:
      'The error is on standard error. An adapter of lockdep itself should not fail: please report it with the version of the library.',
  }));
  return [...checker, ...broken];
}

function unwatched(found: Found): readonly Reason[] {
  const { totals, adapters, problems, failures, cut } = found;
  if (hasWatched(found)) {
    return [];
  }
  if (totals.classes === 0 && cut > 0) {
    return [
      {
        why: 'the program was killed before any lock of it was seen',
        remedy: 'Let it run longer, or end by itself.',
      },
    ];
  }
  if (totals.classes > 0 || adapters.some(({ status }) => status === 'failed')) {
    return [];
  }
  if (problems.length > 0 || failures.length > 0) {
    return [];
  }
  if (totals.processes === 0) {
    return [
      {
        why: 'no snapshot was written: no Node process loaded a library of locks that lockdep knows',
        remedy: 'Check that the command under `lockdep run` starts Node and runs the code that locks.',
      },
    ];
  }
  const named = (status: AdapterStatus): string =>
    adapters
      .filter((adapter) => adapter.status === status)
      .map(({ name, version }) => `${name} ${version}`)
      .join(', ');
  const unsupported = named('unsupported-version');
  if (unsupported !== '') {
    return [
      {
        why: `no lock was watched: this version of lockdep does not know ${unsupported}`,
        remedy: 'Update lockdep, or use a version of the library that it knows.',
      },
    ];
  }
  const idle = named('watched');
  if (idle !== '') {
    return [
      {
        why: `no lock was seen: ${idle} was loaded, and the program has made no lock of it`,
        remedy: 'Check that the command runs the code that locks.',
      },
    ];
  }
  const before = named('loaded-before');
  if (before !== '') {
    return [
      {
        why: `no lock was watched: ${before} was loaded before lockdep`,
        remedy: 'Import lockdep/register before everything else, or use `lockdep run`.',
      },
    ];
  }
  const unknown = named('no-adapter');
  if (unknown !== '') {
    return [
      {
        why: `no lock was watched: lockdep has no adapter for ${unknown}`,
        remedy: 'Write one with defineAdapter() of lockdep/adapter (docs/adapters.md).',
      },
    ];
  }
  return [
    {
      why: 'no lock was watched: the program loaded no library that lockdep knows, and took no lock of its own',
      remedy: 'Check that the command runs the code that locks, or declare its locks with the classes of this package.',
    },
  ];
}
