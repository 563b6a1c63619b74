/**
 * What the locks cost, for people and programs: the classes, and the levels where there are any, the one that hurt most first.
 * Times are milliseconds.
 */

import { Histogram } from '../model/histogram.ts';
import type { ClassRef } from '../model/lock.ts';
import type { SnapshotClass } from '../model/snapshot.ts';
import type { ContendedSite, DurationStats, LongestHold } from '../model/stats.ts';
import { uniteDurations } from './unite-stats.ts';

/** A distribution of durations. Percentiles are within 4.5 % of what they say, the rest is exact. */
export interface Durations {
  readonly count: number;
  readonly total: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What was counted of a class, or of all classes of a level. */
export interface Counted {
  readonly acquisitions: number;
  /** Acquires that had to wait. */
  readonly contentions: number;
  readonly spins: number;
  /** `null` where nobody waited. */
  readonly wait: Durations | null;
  /** `null` where holds were not timed. */
  readonly hold: Durations | null;
}

export interface ClassRow extends ClassRef, Counted {
  readonly level?: number;
  readonly longestHold: LongestHold | null;
  readonly sites: readonly ContendedSite[];
  readonly otherWaits: number;
  readonly sampled: boolean;
}

export interface LevelRow extends Counted {
  readonly level: number;
  /** Names of the classes of the level. */
  readonly classes: readonly string[];
}

export interface ReportStats {
  /** Those of which anything was measured: the longest waits in all first, then the longest holds. */
  readonly classes: readonly ClassRow[];
  readonly levels: readonly LevelRow[];
  /** Classes for which nobody waited, and whose holds were not timed. */
  readonly quiet: { readonly classes: number; readonly acquisitions: number };
}

export function statsOf(classes: readonly SnapshotClass[]): ReportStats {
  const quiet = classes.filter(({ stats }) => stats === undefined);
  const measured = classes.filter(({ stats }) => stats !== undefined);
  return {
    classes: measured.map(classRow).sort(byHarm),
    levels: levelsOf(classes).map(levelRow).sort(byHarm),
    quiet: { classes: quiet.length, acquisitions: total(quiet, ({ acquisitions }) => acquisitions) },
  };
}

function byHarm(one: Counted, other: Counted): number {
  const wait = (other.wait?.total ?? 0) - (one.wait?.total ?? 0);
  return wait || (other.hold?.total ?? 0) - (one.hold?.total ?? 0) || other.acquisitions - one.acquisitions;
}

function classRow({ stats, instances: _instances, ...ref }: SnapshotClass): ClassRow {
  const { wait = null, hold = null, longestHold = null, sites = [], otherWaits = 0, sampled = false } = stats ?? {};
  const counts = { contentions: stats?.contentions ?? 0, spins: stats?.spins ?? 0 };
  return { ...ref, ...counts, wait: summed(wait), hold: summed(hold), longestHold, sites, otherWaits, sampled };
}

function levelsOf(classes: readonly SnapshotClass[]): readonly (readonly [number, readonly SnapshotClass[]])[] {
  const levels = new Map<number, SnapshotClass[]>();
  for (const one of classes) {
    if (one.level !== undefined) {
      levels.set(one.level, [...(levels.get(one.level) ?? []), one]);
    }
  }
  return [...levels];
}

function levelRow([level, classes]: readonly [number, readonly SnapshotClass[]]): LevelRow {
  return {
    level,
    classes: classes.map(({ name }) => name),
    acquisitions: total(classes, ({ acquisitions }) => acquisitions),
    contentions: total(classes, ({ stats }) => stats?.contentions ?? 0),
    spins: total(classes, ({ stats }) => stats?.spins ?? 0),
    wait: summed(uniteDurations(classes.map(({ stats }) => stats?.wait ?? null))),
    hold: summed(uniteDurations(classes.map(({ stats }) => stats?.hold ?? null))),
  };
}

function total(classes: readonly SnapshotClass[], pick: (one: SnapshotClass) => number): number {
  return classes.reduce((sum, one) => sum + pick(one), 0);
}

function summed(data: DurationStats | null): Durations | null {
  if (data === null) {
    return null;
  }
  const all = Histogram.from(data);
  const [p50, p90, p99, p999] = [50, 90, 99, 99.9].map((percent) => all.percentile(percent)) as [
    number,
    number,
    number,
    number,
  ];
  return { count: all.count, total: all.sum, min: all.min, mean: all.mean, p50, p90, p99, p999, max: all.max };
}
