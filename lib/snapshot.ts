/**
 * The state as data: for files, merging and reports, and as a graphlib graph for everything else.
 */
import { Digraph, type GraphlibGraph } from './graph/digraph.ts';
import {
  SNAPSHOT_SCHEMA,
  type Snapshot,
  type SnapshotAdapter,
  type SnapshotClass,
  type SnapshotProcess,
} from './model/snapshot.ts';
import type { Violation } from './model/violation.ts';
import { witnessData } from './rules/witness.ts';
import type { LockClass } from './state/classes.ts';
import { MOST_HOLDERS, MOST_SITES } from './state/contended-sites.ts';
import type { Dependency, RawWitness } from './state/dependencies.ts';
import type { Profile } from './state/profile.ts';
import type { State } from './state/state.ts';

/** What a snapshot is made of. */
export interface Seen {
  readonly state: State;
  readonly profile: Profile;
  readonly violations: readonly Violation[];
  /** Found, and not reported. */
  readonly quiet: readonly Violation[];
  /** What checkers of other threads found. */
  readonly peerViolations: readonly Violation[];
  readonly adapters: readonly SnapshotAdapter[];
  readonly ownerCount: number;
  readonly notes: readonly string[];
  readonly refuted: number;
  readonly failure: string | null;
}

export function snapshotOf(seen: Seen, process: Partial<SnapshotProcess>): Snapshot {
  const { state, profile, adapters, failure, refuted } = seen;
  const counts = state.acquisitions();
  // What other checkers saw is theirs to tell.
  const own = state.classes.all.filter((one) => !one.isForeign);
  const classes = own.map((one) => {
    return { ...one.ref, instances: one.instances, acquisitions: counts.get(one) ?? 0, ...measured(seen, one) };
  });
  const totals = {
    instances: state.classes.instanceCount,
    acquisitions: classes.reduce((sum, one) => sum + one.acquisitions, 0),
    owners: seen.ownerCount,
    refuted,
  };
  return {
    schema: SNAPSHOT_SCHEMA,
    process: { ...UNKNOWN_PROCESS, writtenAt: state.now(), ...process },
    classes,
    dependencies: ownDependencies(state, own),
    violations: structuredClone([...seen.violations, ...seen.quiet, ...unheard(seen)]),
    adapters: [...adapters],
    totals,
    limits: [...seen.notes, ...limitsOf(state), ...(profile.isFull ? [PROFILE_IS_FULL] : [])],
    failure,
  };
}

const PROFILE_IS_FULL = `A class was waited for at more than ${MOST_SITES} places, or one of them for more than ${MOST_HOLDERS} holders: of the others the number of waits is known, and no more.`;

/** What is not of every class. */
function measured({ profile }: Seen, one: LockClass): Pick<SnapshotClass, 'level' | 'stats'> {
  const { level } = one.traits;
  const stats = profile.of(one)?.toJSON() ?? null;
  return { ...(level === null || !Number.isFinite(level) ? {} : { level }), ...(stats === null ? {} : { stats }) };
}

/** What others found, so that it is not lost where they are ended before they have written. Who found it counts it. */
function unheard({ violations, peerViolations }: Seen): readonly Violation[] {
  const own = new Set(violations.map(({ fingerprint }) => fingerprint));
  return peerViolations.filter(({ fingerprint }) => !own.has(fingerprint)).map((one) => ({ ...one, count: 0 }));
}

const UNKNOWN_PROCESS: SnapshotProcess = {
  pid: 0,
  thread: 0,
  command: '',
  node: '',
  startedAt: 0,
  writtenAt: 0,
  ending: 'running',
};

function ownDependencies(state: State, own: readonly LockClass[]): Snapshot['dependencies'] {
  const indexes = new Map(own.map((one, index) => [one, index]));
  return [...state.dependencies].flatMap((dependency) => {
    const [from, to] = [indexes.get(dependency.from), indexes.get(dependency.to)];
    const isOwn = from !== undefined && to !== undefined && dependency.own.length > 0;
    return isOwn ? { ...dependencyData(state, dependency, dependency.own), from, to } : [];
  });
}

function dependencyData(
  state: State,
  { from, to, count }: Dependency,
  witnesses: readonly RawWitness[],
): Snapshot['dependencies'][number] {
  return { from: from.id, to: to.id, count, witnesses: witnesses.map((witness) => witnessData(state, witness)) };
}

function limitsOf(state: State): string[] {
  const limits: string[] = [];
  if (state.chains.refused > 0) {
    limits.push(
      `More than ${state.chains.limit} chains: ${state.chains.refused} steps were checked without being remembered.`,
    );
  }
  if (state.instances.forgotten > 0) {
    limits.push(`A class has more than ${state.instances.limit} nested instances: their order was begun anew.`);
  }
  return limits;
}

export function graphOf(state: State): GraphlibGraph {
  const graph = new Digraph();
  for (const _ of state.classes.all) {
    graph.addNode();
  }
  const byEdge = new Map<number, Dependency>();
  for (const dependency of state.dependencies) {
    byEdge.set(graph.addEdge(dependency.from.id, dependency.to.id), dependency);
  }
  return graph.toGraphlib(
    (id) => {
      const ref = state.classes.all[id]?.ref;
      return { key: ref?.key ?? '', label: ref };
    },
    (edge) => {
      const dependency = byEdge.get(edge);
      return dependency === undefined ? undefined : dependencyData(state, dependency, dependency.witnesses);
    },
  );
}
