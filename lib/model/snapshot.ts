/**
 * What one process or worker saw, as JSON: the unit that is written to `.lockdep/`, merged and reported.
 */
import type { ClassRef } from './lock.ts';
import type { ClassStats } from './stats.ts';
import type { Violation, Witness } from './violation.ts';

/** Name of this version of the format. Anything else is refused by the readers. */
export const SNAPSHOT_SCHEMA = 'lockdep/1';

/** A class and what was counted of it. */
export interface SnapshotClass extends ClassRef {
  readonly instances: number;
  readonly acquisitions: number;
  /** Its place in the order of levels, where it has one. */
  readonly level?: number;
  /** What it cost, where anything was measured. */
  readonly stats?: ClassStats;
}

/** A dependency between two classes, named by their index in `classes`. */
export interface SnapshotDependency {
  readonly from: number;
  readonly to: number;
  /** How often it was seen, as far as it was counted. */
  readonly count: number;
  /** The first witness of each kind, and one of another owner where there is one. Never empty. */
  readonly witnesses: readonly Witness[];
}

export const ADAPTER_STATUSES = ['watched', 'unsupported-version', 'loaded-before', 'no-adapter', 'failed'] as const;
export type AdapterStatus = (typeof ADAPTER_STATUSES)[number];

/** A library that an adapter watches, or could not. */
export interface SnapshotAdapter {
  readonly name: string;
  readonly version: string;
  /** `watched`, or why not: `loaded-before` the checker was there, `no-adapter` for a library of locks that nobody watches. */
  readonly status: AdapterStatus;
}

/** How a process ended: it ran out of work, called exit, or was still running when this was written. */
export type SnapshotEnding = 'drained' | 'exited' | 'running';

export interface SnapshotProcess {
  readonly pid: number;
  /** 0 for the main thread. */
  readonly thread: number;
  /** The command line, shortened for people. */
  readonly command: string;
  /** Node version, such as `v20.20.2`; empty outside Node. */
  readonly node: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly writtenAt: number;
  readonly ending: SnapshotEnding;
}

export interface SnapshotTotals {
  readonly instances: number;
  readonly acquisitions: number;
  readonly owners: number;
  /** Findings or dependencies that were seen and then refuted by what the program did. */
  readonly refuted: number;
}

export interface Snapshot {
  readonly schema: typeof SNAPSHOT_SCHEMA;
  readonly process: SnapshotProcess;
  readonly classes: readonly SnapshotClass[];
  readonly dependencies: readonly SnapshotDependency[];
  readonly violations: readonly Violation[];
  readonly adapters: readonly SnapshotAdapter[];
  readonly totals: SnapshotTotals;
  /** Limits that were reached, each a sentence. A reader must show them. */
  readonly limits: readonly string[];
  /** Why the checker gave up, where it did: the verdict is then "could not check". */
  readonly failure: string | null;
}
