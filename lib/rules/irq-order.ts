/**
 * `irq-order`: a new dependency makes a path from a class that a handler takes to one that is held while the handler can interrupt
 * its holder. Somebody who holds the first waits for the second, whose holder waits for the handler, which waits for the first.
 */
import type { IrqPathViolation } from '../model/violation.ts';
import type { Attempt } from '../state/attempt.ts';
import type { Context } from '../state/contexts.ts';
import { dependencyKind } from '../state/dependencies.ts';
import type { HeldLock } from '../state/held.ts';
import type { State } from '../state/state.ts';
import { newlyLinked, witnessOf } from '../state/witnesses.ts';
import { describePath, fromSafe, knownStep, markAt, type Step, toUnsafe } from './irq.ts';
import { witnessData } from './witness.ts';

export function irqOrder(state: State, attempt: Attempt): readonly IrqPathViolation[] {
  const contexts = state.contexts.all.filter(
    (context) => !state.usages.isUnused(context, 'used-in') && !state.usages.isUnused(context, 'enabled'),
  );
  if (contexts.length === 0) {
    return [];
  }
  // What another checker saw was judged there.
  const news = newlyLinked(state, attempt).filter((holder) => {
    return !state.dependencies.isOldAnywhere(holder.class, attempt.class, dependencyKind(holder.mode, attempt.mode));
  });
  return news.flatMap((holder) => {
    return contexts.flatMap((context) => judge(state, attempt, { holder, context }) ?? []);
  });
}

function judge(
  state: State,
  attempt: Attempt,
  { holder, context }: { holder: HeldLock; context: Context },
): IrqPathViolation | undefined {
  const source = { class: holder.class, isWeak: holder.mode !== 'exclusive' };
  const before = fromSafe(state, { start: source, context, maybeEmpty: true });
  if (before === undefined) {
    return undefined;
  }
  const target = { class: attempt.class, isWeak: attempt.mode === 'recursive-shared' };
  const after = toUnsafe(state, { start: target, context, maybeEmpty: true });
  if (after === undefined) {
    return undefined;
  }
  const safe = markAt(state, before.end, { context, usage: 'used-in' });
  const unsafe = markAt(state, after.end, { context, usage: 'enabled' });
  const isDirect = before.steps.length + after.steps.length === 0;
  const [first, last] = [safe.class.ref.name, unsafe.class.ref.name];
  const path = isDirect ? '' : `, on a path from ${first} to ${last}`;
  const ask = `asks for ${attempt.class.ref.name} while holding ${holder.class.ref.name}${path}`;
  const steps = [
    ...before.steps.map((step) => knownStep(state, step)),
    newStep(state, attempt, holder),
    ...after.steps.map((step) => knownStep(state, step)),
  ];
  const fact = `${ask}; ${context.name} takes ${first}, and ${last} is held with ${context.name} enabled`;
  return describePath(state, attempt, { rule: 'irq-order', fact, safe, unsafe, steps });
}

function newStep(state: State, attempt: Attempt, holder: HeldLock): Step {
  const [from, to] = [holder.class, attempt.class];
  const raw = witnessOf(state, attempt, holder);
  const count = state.dependencies.find(from, to)?.count ?? 1;
  const edge = { from: from.ref, to: to.ref, witness: witnessData(state, raw), count, attempted: true };
  return { edge, owners: [raw] };
}
