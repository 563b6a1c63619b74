/**
 * The state as data: for files, merging and reports, and as a graphlib graph for everything else.
 */
import { Digraph, type GraphlibGraph } from './graph/digraph.ts';
import { SNAPSHOT_SCHEMA, type Snapshot, type SnapshotAdapter, type SnapshotProcess } from './model/snapshot.ts';
import type { Violation } from './model/violation.ts';
import { witnessData } from './rules/witness.ts';
import type { Dependency } from './state/dependencies.ts';
import type { State } from './state/state.ts';

/** What a snapshot is made of. */
export interface Seen {
  readonly state: State;
  readonly violations: readonly Violation[];
  /** Found, and not reported. */
  readonly quiet: readonly Violation[];
  readonly adapters: readonly SnapshotAdapter[];
  readonly ownerCount: number;
  readonly notes: readonly string[];
  readonly refuted: number;
  readonly failure: string | null;
}

export function snapshotOf(seen: Seen, process: Partial<SnapshotProcess>): Snapshot {
  const { state, adapters, failure, refuted } = seen;
  const counts = state.acquisitions();
  const classes = state.classes.all.map((one) => {
    return { ...one.ref, instances: one.instances, acquisitions: counts.get(one) ?? 0 };
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
    dependencies: [...state.dependencies].map((dependency) => dependencyData(state, dependency)),
    violations: structuredClone([...seen.violations, ...seen.quiet]),
    adapters: [...adapters],
    totals,
    limits: [...seen.notes, ...limitsOf(state)],
    failure,
  };
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

function dependencyData(state: State, { from, to, count, witnesses }: Dependency): Snapshot['dependencies'][number] {
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
      return dependency === undefined ? undefined : dependencyData(state, dependency);
    },
  );
}
