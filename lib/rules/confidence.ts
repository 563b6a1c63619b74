/**
 * How sure a finding is, once more is known than when it was made. Looked at whenever findings are read.
 */
import type { Confidence, OrderCycleViolation, RecursionViolation, Violation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import type { LockClass } from '../state/classes.ts';
import type { State } from '../state/state.ts';

/** So many nestings that the order known before could have contradicted, and did not: the code sorts its locks. */
const NESTINGS_THAT_SHOW_AN_ORDER = 8;

/** How sure a cycle is: weak as long as one and the same owner is the only one that went all its ways. */
export function cycleConfidence(edges: readonly (readonly { readonly owner: unknown }[])[]): Confidence {
  const owners = new Set(edges.flatMap((witnesses) => witnesses.map((witness) => witness.owner)));
  return owners.size > 1 ? 'possible' : 'weak';
}

/**
 * True if a cycle cannot block as far as was seen: each one through its classes has two steps that exclude each other. The
 * kernel profile knows no gates.
 * @param attempt the acquire that closes it, if that is not recorded yet
 */
export function isGuarded(
  state: State,
  steps: readonly { readonly from: LockClass; readonly to: LockClass }[],
  attempt?: Attempt,
): boolean {
  const isKnown = steps.every(({ from, to }) => to === attempt?.class || state.pairs.find(from, to) !== undefined);
  const classes = steps.map(({ from }) => from);
  return state.profile !== 'kernel' && isKnown && state.pairs.openCycle(classes, attempt) === undefined;
}

/** Brings the confidence of the findings up to date with what was seen since. */
export function refreshConfidence(state: State, violations: readonly Violation[]): void {
  const open = violations.filter(isOpen);
  if (open.length === 0) {
    return;
  }
  const byKey = new Map(state.classes.all.map((one) => [one.ref.key, one]));
  for (const violation of open) {
    violation.confidence =
      violation.rule === 'order-cycle' ? ofCycle(state, violation, byKey) : ofNesting(state, violation, byKey);
  }
}

function isOpen(violation: Violation): violation is OrderCycleViolation | RecursionViolation {
  const isOpenCycle = violation.rule === 'order-cycle' && violation.confidence !== 'possible';
  return isOpenCycle || (violation.rule === 'recursion' && violation.severity === 'warning');
}

function ofCycle(
  state: State,
  { edges, confidence }: OrderCycleViolation,
  byKey: ReadonlyMap<string, LockClass>,
): Confidence {
  const steps = edges.flatMap((edge) => {
    const [from, to] = [byKey.get(edge.from.key), byKey.get(edge.to.key)];
    return from && to ? [{ from, to }] : [];
  });
  // A step that is not recorded was stopped, or another checker is about to tell of it: nobody has passed a gate by in it.
  const isRecorded = steps.every(({ from, to }) => state.pairs.find(from, to) !== undefined);
  if ((confidence === 'guarded' && !isRecorded) || isGuarded(state, steps)) {
    return 'guarded';
  }
  return cycleConfidence(
    edges.map(({ from, to }) => {
      const [first, second] = [byKey.get(from.key), byKey.get(to.key)];
      return (first && second && state.dependencies.find(first, second)?.witnesses) ?? [];
    }),
  );
}

function ofNesting(state: State, { lock }: RecursionViolation, byKey: ReadonlyMap<string, LockClass>): Confidence {
  const lockClass = byKey.get(lock.key);
  const pairs = lockClass === undefined ? 0 : state.instances.pairs(lockClass);
  return pairs >= NESTINGS_THAT_SHOW_AN_ORDER ? 'guarded' : 'possible';
}
