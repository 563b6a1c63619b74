/**
 * Lock-order cycles that appear only when the dependencies of all processes are put together.
 * Each dependency goes into the same online order that the engine uses; one that closes a cycle is refused by it, reported
 * here, and stays out, so that the work goes on.
 */
import { EdgeKind, PortedOrder } from '../graph/ported.ts';
import { classAnchor, cycleFingerprint } from '../model/fingerprint.ts';
import type { ClassRef, DependencyKind } from '../model/lock.ts';
import type { SnapshotDependency } from '../model/snapshot.ts';
import type { CycleEdge, OrderCycleViolation, Violation, Witness } from '../model/violation.ts';
import type { United } from './unite.ts';

/** A dependency of one kind between two classes, named by index. */
interface Step {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
}

/** The united graph, with its dependencies at hand by their two ends. */
interface Graph extends United {
  readonly byPair: ReadonlyMap<string, SnapshotDependency>;
}

/** The cycles that none of the `reported` violations names already. */
export function crossProcessCycles(united: United, reported: readonly Violation[]): readonly OrderCycleViolation[] {
  const known = new Set(reported.map((violation) => violation.fingerprint));
  const graph = { ...united, byPair: new Map(united.dependencies.map((one) => [`${one.from}>${one.to}`, one])) };
  const order = new PortedOrder();
  for (const _ of united.classes) {
    order.addNode();
  }
  const found: OrderCycleViolation[] = [];
  for (const step of stepsInOrder(united, reported)) {
    if (order.insert(step.from, step.to, step.kind) !== 'cycle') {
      continue;
    }
    const cycle = order.cycleThrough(step.from, step.to, step.kind);
    if (cycle === undefined) {
      continue;
    }
    const violation = describe(graph, cycle, step);
    if (known.has(violation.fingerprint)) {
      continue;
    }
    known.add(violation.fingerprint);
    found.push(violation);
  }
  return found;
}

/**
 * In the order of time, so that the step that came last is the one said to close the cycle. Those that closed
 * a cycle in some process come after all others: then each of them meets its own cycle again, and hides no other.
 */
function stepsInOrder(united: United, reported: readonly Violation[]): readonly Step[] {
  const refused = new Set(reported.flatMap(attemptedPairs));
  // Two locks of one class are the business of the rule `recursion`.
  const between = united.dependencies.filter((dependency) => dependency.from !== dependency.to);
  const steps = between.flatMap((dependency) => {
    const pair = pairOf(classAt(united, dependency.from), classAt(united, dependency.to));
    return stepsOf(dependency).map((step) => ({ ...step, pair, late: refused.has(pair) }));
  });
  return steps.sort(
    (left, right) =>
      Number(left.late) - Number(right.late) ||
      left.at - right.at ||
      (left.pair === right.pair ? left.kind - right.kind : left.pair < right.pair ? -1 : 1),
  );
}

function stepsOf({ from, to, witnesses }: SnapshotDependency): readonly (Step & { readonly at: number })[] {
  const first = new Map<DependencyKind, number>();
  for (const { kind, at } of witnesses) {
    first.set(kind, Math.min(at, first.get(kind) ?? at));
  }
  return [...first].map(([kind, at]) => ({ from, to, kind: EdgeKind[kind], at }));
}

function attemptedPairs(violation: Violation): readonly string[] {
  if (violation.rule !== 'order-cycle') {
    return [];
  }
  return violation.edges.filter((edge) => edge.attempted).map((edge) => pairOf(edge.from, edge.to));
}

function pairOf(from: ClassRef, to: ClassRef): string {
  return JSON.stringify([from.key, to.key]);
}

function classAt(united: United, index: number): ClassRef {
  return united.classes[index] as ClassRef;
}

function describe(graph: Graph, cycle: readonly Step[], closing: Step): OrderCycleViolation {
  const steps = attemptedFirst(cycle, closing);
  const edges = edgesOf(graph, steps);
  const [attempted] = edges as [CycleEdge];
  const { from, witness } = attempted;
  return {
    rule: 'order-cycle',
    severity: 'error',
    confidence: hasOneOwner(graph, steps) ? 'weak' : 'possible',
    fingerprint: cycleFingerprint(edges.map((edge) => classAnchor(edge.from))),
    count: attempted.count,
    message: sentence(edges),
    owner: witness.owner,
    process: witness.process,
    sites: edges.flatMap(({ witness: { asked, taken } }) => [asked, taken].filter((site) => site !== null)),
    held: [{ lock: from, mode: witness.kind[0] === 'E' ? 'exclusive' : 'shared', site: witness.taken }],
    edges,
  };
}

function attemptedFirst(cycle: readonly Step[], closing: Step): readonly Step[] {
  const start = cycle.findIndex((step) => step.from === closing.from && step.to === closing.to);
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}

function edgesOf(graph: Graph, steps: readonly Step[]): readonly CycleEdge[] {
  const owners = new Set<string>();
  return steps.map((step, at) => {
    const { count } = dependencyOf(graph, step);
    const witness = pickWitness(graph, step, owners);
    owners.add(ownerOf(witness));
    const [from, to] = [refOf(graph, step.from), refOf(graph, step.to)];
    return { from, to, witness, count, attempted: at === 0 };
  });
}

/** The first witness, but rather one of an owner that is not in the picture yet. */
function pickWitness(graph: Graph, step: Step, owners: ReadonlySet<string>): Witness {
  const fitting = dependencyOf(graph, step).witnesses.filter((witness) => EdgeKind[witness.kind] === step.kind);
  return (fitting.find((witness) => !owners.has(ownerOf(witness))) ?? fitting[0]) as Witness;
}

function dependencyOf({ byPair }: Graph, { from, to }: Step): SnapshotDependency {
  return byPair.get(`${from}>${to}`) as SnapshotDependency;
}

/** The class without its counts. */
function refOf({ classes }: United, index: number): ClassRef {
  const {
    instances: _instances,
    acquisitions: _acquisitions,
    ...ref
  } = classes[index] as ClassRef & {
    instances: number;
    acquisitions: number;
  };
  return ref;
}

function ownerOf({ process, owner }: Witness): string {
  return JSON.stringify([process, owner]);
}

/** Names repeat over processes, so an owner is one only together with its process. */
function hasOneOwner(graph: Graph, steps: readonly Step[]): boolean {
  return new Set(steps.flatMap((step) => dependencyOf(graph, step).witnesses.map(ownerOf))).size === 1;
}

function sentence(edges: readonly CycleEdge[]): string {
  const [{ from, to, witness }, ...others] = edges as [CycleEdge, ...CycleEdge[]];
  const owners = [...new Set(others.map((edge) => edge.witness.owner))].join(', ');
  const fact = `${witness.owner} asks for ${to.name} while holding ${from.name}; ${owners} went the other way round`;
  const threads = new Set(edges.map((edge) => edge.witness.process));
  const processes = new Set([...threads].map((thread) => thread.split('/')[0]));
  const [what, count] = processes.size > 1 ? ['process', processes.size] : ['thread', threads.size];
  return count > 1 ? `${fact}. No single ${what} did all of it: it took ${count} to see.` : `${fact}.`;
}
