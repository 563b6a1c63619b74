/**
 * One class graph out of many. Classes are one when their keys are equal, never when only their names are.
 */
import type { Snapshot, SnapshotClass, SnapshotDependency } from '../model/snapshot.ts';
import type { ClassStats } from '../model/stats.ts';
import type { Witness } from '../model/violation.ts';
import { uniteStats } from './unite-stats.ts';

export interface United {
  readonly classes: readonly SnapshotClass[];
  readonly dependencies: readonly SnapshotDependency[];
}

/** The classes and dependencies of all snapshots, each once, with all counts summed and all witnesses kept. */
export function unite(snapshots: readonly Snapshot[]): United {
  const classes = new Map<string, SnapshotClass>();
  const dependencies = new Map<string, Growing>();
  const indexes = new Map<string, number>();
  for (const snapshot of snapshots) {
    for (const seen of snapshot.classes) {
      if (!indexes.has(seen.key)) {
        indexes.set(seen.key, indexes.size);
      }
      classes.set(seen.key, addClass(classes.get(seen.key), seen));
    }
    for (const seen of snapshot.dependencies) {
      const from = indexOf(snapshot, seen.from, indexes);
      const to = indexOf(snapshot, seen.to, indexes);
      const pair = `${from}>${to}`;
      const known = dependencies.get(pair) ?? { from, to, count: 0, witnesses: [] };
      known.count += seen.count;
      known.witnesses.push(...seen.witnesses);
      dependencies.set(pair, known);
    }
  }
  return { classes: [...classes.values()], dependencies: [...dependencies.values()].map(finish) };
}

function indexOf(snapshot: Snapshot, local: number, indexes: ReadonlyMap<string, number>): number {
  const seen = snapshot.classes[local];
  const index = seen === undefined ? undefined : indexes.get(seen.key);
  if (index === undefined) {
    throw new RangeError(`a dependency names class ${local}, which its snapshot does not have`);
  }
  return index;
}

function addClass(known: SnapshotClass | undefined, seen: SnapshotClass): SnapshotClass {
  if (known === undefined) {
    return seen;
  }
  return {
    ...known,
    instances: known.instances + seen.instances,
    acquisitions: known.acquisitions + seen.acquisitions,
    ...both(known.stats, seen.stats),
  };
}

function both(known: ClassStats | undefined, seen: ClassStats | undefined): Pick<SnapshotClass, 'stats'> {
  const stats = known === undefined || seen === undefined ? (known ?? seen) : uniteStats(known, seen);
  return stats === undefined ? {} : { stats };
}

/** A dependency that is still being put together. */
interface Growing {
  readonly from: number;
  readonly to: number;
  count: number;
  readonly witnesses: Witness[];
}

function finish({ witnesses, ...rest }: Growing): SnapshotDependency {
  return { ...rest, witnesses: inTimeOrder(witnesses) };
}

function inTimeOrder(witnesses: readonly Witness[]): readonly Witness[] {
  const different = new Map(witnesses.map((witness) => [identity(witness), witness]));
  return [...different.entries()]
    .sort(([left, a], [right, b]) => a.at - b.at || (left < right ? -1 : 1))
    .map(([, witness]) => witness);
}

function identity({ kind, owner, process, at, taken, asked }: Witness): string {
  const place = [taken, asked].map((site) => site && [site.file, site.line, site.column]);
  return JSON.stringify([kind, owner, process, at, place]);
}
