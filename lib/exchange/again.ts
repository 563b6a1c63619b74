/**
 * What is judged once more when another checker was faster: all rules over which the two know more together than each of them alone.
 */
import type { DependencyKind, Mode } from '../model/lock.ts';
import type { Violation } from '../model/violation.ts';
import { declaredOrder } from '../rules/declared-order.ts';
import type { Rule } from '../rules/index.ts';
import { irqInconsistent } from '../rules/irq-inconsistent.ts';
import { irqInversion } from '../rules/irq-inversion.ts';
import { irqOrder } from '../rules/irq-order.ts';
import { orderCycle } from '../rules/order-cycle.ts';
import type { Attempt, Marking } from '../state/attempt.ts';
import { type LockClass, LockInstance } from '../state/classes.ts';
import type { Seen } from '../state/dependencies.ts';
import { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import type { UsageMark } from '../state/usage.ts';

const ORDER_RULES: readonly Rule<Attempt>[] = [orderCycle, declaredOrder, irqOrder];
const MARK_RULES: readonly Rule<Marking>[] = [irqInconsistent, irqInversion];

/** What an event breaks, now that more is known. */
export function judgeAgain(state: State, event: Marking | Attempt): readonly Violation[] {
  const marks = MARK_RULES.flatMap((rule) => rule(state, event));
  return 'lock' in event ? [...marks, ...ORDER_RULES.flatMap((rule) => rule(state, event))] : marks;
}

/** What was seen before, as if it happened now. Nobody asks for anything, so it says nothing of gates. */
export function attemptOf(state: State, { dependency: { from, to }, witness }: Seen): Attempt {
  const [heldMode, mode] = modesOf(witness.kind);
  const { owner, taken } = witness;
  const held = {
    owner,
    lock: anyOf(from),
    class: from,
    mode: heldMode,
    units: 1,
    try: false,
    site: taken,
    chain: state.chains.root,
    acquire: null,
  };
  const how = { mode, units: 1, try: false, tentative: false, isRetaken: true };
  const site = witness.asked ?? RawSite.of(null);
  return { owner, lock: anyOf(to), class: to, ...how, held: [held], site };
}

/** The same for a use of a class. */
export function markingOf(mark: UsageMark): Marking {
  return { owner: mark.owner, held: [], usages: [mark], site: mark.site ?? RawSite.of(null) };
}

function modesOf(kind: DependencyKind): readonly [held: Mode, wanted: Mode] {
  return [kind.startsWith('E') ? 'exclusive' : 'shared', kind.endsWith('R') ? 'recursive-shared' : 'exclusive'];
}

// A stand-in, which is no lock of the program.
function anyOf(lockClass: LockClass): LockInstance {
  return new LockInstance(-1, lockClass, { capacity: lockClass.capacity });
}
