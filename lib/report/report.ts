/**
 * What the reporters read: everything that all processes of a run saw, as one piece of plain data.
 */
import type { Site } from '../model/lock.ts';
import type { SnapshotAdapter, SnapshotClass, SnapshotDependency, SnapshotProcess } from '../model/snapshot.ts';
import type { Violation } from '../model/violation.ts';
import type { ReportStats } from './stats.ts';

/** `violations` means at least one error. Warnings alone are `clean`. */
export type Verdict = 'clean' | 'violations' | 'could-not-check';

/** Why the run could not be checked, or not wholly, and what to do about it. Each a sentence. */
export interface Reason {
  readonly why: string;
  readonly remedy: string;
}

/** A snapshot that could not be read. */
export interface Problem {
  readonly file: string;
  /** What is wrong with it, as the rest of a sentence that begins with the file. */
  readonly problem: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
}

export interface ReportTotals {
  readonly processes: number;
  /** Worker threads, main threads not counted. */
  readonly threads: number;
  readonly classes: number;
  readonly dependencies: number;
  readonly instances: number;
  readonly acquisitions: number;
  readonly owners: number;
  readonly refuted: number;
}

export interface ReportCounts {
  readonly errors: number;
  readonly warnings: number;
  /** Findings that cannot happen because of a gate: kept, not listed. */
  readonly guarded: number;
}

/** A process in which the checker gave up. */
export interface ReportFailure {
  /** Process and thread, such as `4242` or `4242/1`. */
  readonly process: string;
  readonly why: string;
}

export interface Report {
  readonly verdict: Verdict;
  /** Why the verdict is `could-not-check`; with errors, what was not checked besides. */
  readonly reasons: readonly Reason[];
  readonly counts: ReportCounts;
  /** Errors before warnings, certain before possible before weak, then the most frequent. `guarded` ones are left out. */
  readonly violations: readonly Violation[];
  readonly totals: ReportTotals;
  readonly adapters: readonly SnapshotAdapter[];
  readonly limits: readonly string[];
  readonly failures: readonly ReportFailure[];
  readonly problems: readonly Problem[];
  /** Sentences that a reader should know, and that change no verdict. */
  readonly notes: readonly string[];
  readonly processes: readonly SnapshotProcess[];
  readonly classes: readonly SnapshotClass[];
  readonly dependencies: readonly SnapshotDependency[];
  /** What the locks cost, where that was asked for. */
  readonly stats?: ReportStats;
}

/** How a reporter may write. */
export interface ReporterOptions {
  /** @default false */
  readonly color?: boolean;
}

/** Turns a report into text. Pure: same report, same text. */
export type Reporter = (report: Report, options?: ReporterOptions) => string;

/** A place with what it stands for, such as "orders taken". */
export interface Place {
  readonly label: string;
  readonly site: Site | null;
  /** Said after the place, where it is the one that matters most. */
  readonly mark?: string;
}
