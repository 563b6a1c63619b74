/**
 * `order-cycle`: the wanted lock was, directly or by way of others, held while one of those now held was asked for.
 * Owners that go these ways at once can block each other for ever.
 */
import { classAnchor, cycleFingerprint } from '../model/fingerprint.ts';
import { shareOf } from '../model/unit.ts';
import type { CycleEdge, OrderCycleViolation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import { type CycleStep, dependencyKind, type RawWitness } from '../state/dependencies.ts';
import type { HeldLock } from '../state/held.ts';
import { linkedHolders } from '../state/links.ts';
import type { State } from '../state/state.ts';
import { witnessOf } from '../state/witnesses.ts';
import { cycleConfidence, isGuarded } from './confidence.ts';
import { finding } from './finding.ts';
import { witnessData } from './witness.ts';

export function orderCycle(state: State, attempt: Attempt): readonly OrderCycleViolation[] {
  return linkedHolders(attempt).flatMap((holder) => {
    const kind = dependencyKind(holder.mode, attempt.mode);
    const from = holder.class;
    if (state.dependencies.isProved(from, attempt.class, kind)) {
      return [];
    }
    const rest = state.dependencies.cycle(from, attempt.class, kind);
    return rest === undefined ? [] : [describe(state, attempt, { holder, rest })];
  });
}

interface Closing {
  readonly holder: HeldLock;
  /** The dependencies that lead back, in forward order. */
  readonly rest: readonly CycleStep[];
}

function describe(state: State, attempt: Attempt, { holder, rest }: Closing): OrderCycleViolation {
  const from = holder.class;
  const to = attempt.class;
  const now = witnessOf(state, attempt, holder);
  const known = state.dependencies.find(from, to);
  // What is taken again was asked for before, and is recorded with what it was asked for under.
  const asked = attempt.isRetaken ? undefined : attempt;
  const isQuiet = isGuarded(state, [{ from, to }, ...rest.map(({ dependency }) => dependency)], asked);
  const edges: CycleEdge[] = [
    { from: from.ref, to: to.ref, witness: witnessData(state, now), count: known?.count ?? 1, attempted: true },
    ...rest.map((step) => established(state, step, attempt)),
  ];
  const base = finding(state, {
    rule: 'order-cycle',
    severity: 'error',
    confidence: isQuiet ? 'guarded' : cycleConfidence([[now], ...rest.map(({ dependency }) => dependency.witnesses)]),
    message: message(state, attempt, { holder, edges }),
    owner: attempt.owner,
    held: attempt.held,
    sites: edges.flatMap(({ witness }) => [witness.asked, witness.taken]),
    identity: cycleFingerprint(edges.map((edge) => classAnchor(edge.from))),
  });
  return { ...base, edges };
}

function established(state: State, { dependency, kind }: CycleStep, { owner }: Attempt): CycleEdge {
  const { witnesses, from, to, count } = dependency;
  const fitting = witnesses.filter((one) => one.kind === kind);
  const witness = fitting.find((one) => one.owner !== owner) ?? fitting[0] ?? (witnesses[0] as RawWitness);
  return { from: from.ref, to: to.ref, witness: witnessData(state, witness), count, attempted: false };
}

/** Somebody, and the process and thread that saw it. */
type Seen = Pick<CycleEdge['witness'], 'owner' | 'process'>;

function message(
  { process: here }: State,
  { owner, class: wanted, fact: said }: Attempt,
  { holder, edges }: { readonly holder: HeldLock; readonly edges: readonly CycleEdge[] },
): string {
  const all = [{ owner: owner.name, process: here }, ...edges.slice(1).map(({ witness }) => witness)];
  // Names of owners are told apart within one thread alone.
  const isTwice = (one: Seen): boolean => all.some((two) => two.owner === one.owner && two.process !== one.process);
  const names = all.slice(1).map((one) => (isTwice(one) ? `${one.owner} of ${one.process}` : one.owner));
  const others = [...new Set(names)].join(', ');
  const what = said ?? `asks for ${shareOf(wanted.ref)} while holding ${shareOf(holder.class.ref)}`;
  const fact = `${owner.name} ${what}`;
  return `${fact}; ${others} went the other way round.`;
}
