/**
 * What was measured of a class, as JSON: how long it was waited for and held, and where. Times are milliseconds.
 */
import type { Site } from './lock.ts';

/** A distribution of durations: how many fell into each bucket of a logarithmic scale. */
export interface DurationStats {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Buckets that are not empty, in their order: number of the bucket, and how many durations are in it. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
}

/** Who held the lock that was waited for. */
export interface WaitedFor {
  readonly owner: string;
  /** Where it had taken the lock. */
  readonly site: Site | null;
  readonly waits: number;
}

/** A place where a lock was asked for that was not free. */
export interface ContendedSite {
  readonly site: Site | null;
  readonly waits: number;
  readonly waitMs: number;
  /** The most frequent first. */
  readonly waitedFor: readonly WaitedFor[];
}

export interface LongestHold {
  readonly ms: number;
  /** Where the lock was taken. */
  readonly site: Site | null;
  /** Process and thread. */
  readonly process: string;
}

/** What was measured of one class. */
export interface ClassStats {
  /** Acquires that had to wait. */
  readonly contentions: number;
  /** Turns of the loops in which spinning locks waited. */
  readonly spins: number;
  /** `null` where nobody waited. */
  readonly wait: DurationStats | null;
  /** `null` where holds were not timed. */
  readonly hold: DurationStats | null;
  readonly longestHold: LongestHold | null;
  /** The places that waited longest in all, the worst first. */
  readonly sites: readonly ContendedSite[];
  /** Waits at other places than those. */
  readonly otherWaits: number;
  /** True where so many waits came that the counts of the places are drawn from a sample of them. */
  readonly sampled: boolean;
}

/** No more places are kept in a snapshot or a report of a class. */
export const MOST_CONTENDED_SITES = 16;
