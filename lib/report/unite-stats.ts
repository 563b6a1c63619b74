/**
 * What several processes or threads measured of one class, as one: counts and durations are summed, places are one where they
 * are the same place.
 */

import { Histogram } from '../model/histogram.ts';
import type { Site } from '../model/lock.ts';
import {
  type ClassStats,
  type ContendedSite,
  type DurationStats,
  MOST_CONTENDED_SITES,
  type WaitedFor,
} from '../model/stats.ts';

export function uniteStats(one: ClassStats, other: ClassStats): ClassStats {
  const sites = uniteSites([...one.sites, ...other.sites]);
  const rest = sites.slice(MOST_CONTENDED_SITES).reduce((sum, { waits }) => sum + waits, 0);
  const holds = [one.longestHold, other.longestHold].filter((hold) => hold !== null);
  return {
    contentions: one.contentions + other.contentions,
    spins: one.spins + other.spins,
    wait: uniteDurations([one.wait, other.wait]),
    hold: uniteDurations([one.hold, other.hold]),
    longestHold: holds.sort((left, right) => right.ms - left.ms)[0] ?? null,
    sites: sites.slice(0, MOST_CONTENDED_SITES),
    otherWaits: one.otherWaits + other.otherWaits + rest,
    sampled: one.sampled || other.sampled,
  };
}

/** All of them as one distribution; `null` where there is none. */
export function uniteDurations(parts: readonly (DurationStats | null)[]): DurationStats | null {
  const known = parts.filter((part) => part !== null);
  if (known.length < 2) {
    return known[0] ?? null;
  }
  const all = new Histogram();
  for (const part of known) {
    all.merge(part);
  }
  return all.toJSON();
}

function uniteSites(sites: readonly ContendedSite[]): ContendedSite[] {
  const united = new Map<string, ContendedSite>();
  for (const seen of sites) {
    const key = keyOf(seen.site);
    const known = united.get(key);
    united.set(key, known === undefined ? seen : addSite(known, seen));
  }
  return [...united.values()].sort((left, right) => right.waitMs - left.waitMs || right.waits - left.waits);
}

function addSite(known: ContendedSite, seen: ContendedSite): ContendedSite {
  const holders = new Map<string, WaitedFor>();
  for (const holder of [...known.waitedFor, ...seen.waitedFor]) {
    const key = `${keyOf(holder.site)}\0${holder.owner}`;
    holders.set(key, { ...holder, waits: holder.waits + (holders.get(key)?.waits ?? 0) });
  }
  return {
    ...known,
    waits: known.waits + seen.waits,
    waitMs: known.waitMs + seen.waitMs,
    waitedFor: [...holders.values()].sort((left, right) => right.waits - left.waits),
  };
}

function keyOf(site: Site | null): string {
  return site === null ? '' : `${site.file}:${site.line}:${site.column}`;
}
