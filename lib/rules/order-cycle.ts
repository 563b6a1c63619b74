/**
 * `order-cycle`: the wanted lock was, directly or by way of others, held while one of those now held was asked for.
 * Owners that go these ways at once can block each other for ever.
 */
import { classAnchor, cycleFingerprint } from '../model/fingerprint.ts';
import type { DependencyKind } from '../model/lock.ts';
import type { CycleEdge, OrderCycleViolation, Witness } from '../model/violation.ts';
import { type Dependency, dependencyKind, type RawWitness } from '../state/dependencies.ts';
import { commonGates, gatesOf } from '../state/gates.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import { linkedHolders } from '../state/links.ts';
import type { Attempt, State } from '../state/state.ts';
import { cycleConfidence, isCycleGuarded } from './confidence.ts';
import { finding, resolve } from './finding.ts';

export function orderCycle(state: State, attempt: Attempt): readonly OrderCycleViolation[] {
  return linkedHolders(attempt).flatMap((holder) => {
    const kind = dependencyKind(holder.mode, attempt.mode);
    const from = holder.lock.class;
    if (state.dependencies.isProved(from, attempt.lock.class, kind)) {
      return [];
    }
    const rest = state.dependencies.cycle(from, attempt.lock.class, kind);
    return rest === undefined ? [] : [describe(state, attempt, { holder, kind, rest })];
  });
}

interface Closing {
  readonly holder: HeldLock;
  readonly kind: DependencyKind;
  /** The dependencies that lead back, in forward order. */
  readonly rest: readonly Dependency[];
}

function describe(state: State, attempt: Attempt, { holder, kind, rest }: Closing): OrderCycleViolation {
  const from = holder.lock.class;
  const to = attempt.lock.class;
  const gates = gatesOf(attempt.held, holder);
  const now: RawWitness = {
    kind,
    owner: attempt.owner,
    taken: takenAt(holder),
    asked: attempt.site,
    at: state.now(),
    gates,
  };
  const known = state.dependencies.find(from, to);
  const isGuarded = isCycleGuarded(state, [
    known?.gates === undefined ? gates : commonGates(known.gates, gates),
    ...rest.map((dependency) => dependency.gates ?? gates),
  ]);
  const edges: CycleEdge[] = [
    { from: from.ref, to: to.ref, witness: witnessData(state, now), count: known?.count ?? 1, attempted: true },
    ...rest.map((dependency) => established(state, dependency, attempt)),
  ];
  const base = finding(state, {
    rule: 'order-cycle',
    severity: 'error',
    confidence: isGuarded ? 'guarded' : cycleConfidence([[now], ...rest.map((dependency) => dependency.witnesses)]),
    message: message(attempt, holder, edges),
    owner: attempt.owner,
    held: attempt.held,
    sites: edges.flatMap(({ witness }) => [witness.asked, witness.taken]),
    identity: cycleFingerprint(edges.map((edge) => classAnchor(edge.from))),
  });
  return { ...base, edges };
}

function established(state: State, dependency: Dependency, { owner }: Attempt): CycleEdge {
  const { witnesses, from, to, count } = dependency;
  const witness = witnesses.find((one) => one.owner !== owner) ?? (witnesses[0] as RawWitness);
  return { from: from.ref, to: to.ref, witness: witnessData(state, witness), count, attempted: false };
}

/** A witness as data. */
export function witnessData(state: State, raw: RawWitness): Witness {
  return {
    kind: raw.kind,
    owner: raw.owner.name,
    taken: resolve(state, raw.taken),
    asked: resolve(state, raw.asked),
    at: raw.at,
    process: state.process,
  };
}

function message({ owner, lock }: Attempt, holder: HeldLock, edges: readonly CycleEdge[]): string {
  const others = [...new Set(edges.slice(1).map((edge) => edge.witness.owner))].join(', ');
  const fact = `${owner.name} asks for ${lock.name} while holding ${holder.lock.name}`;
  return `${fact}; ${others} went the other way round.`;
}
