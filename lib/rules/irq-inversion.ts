/**
 * `irq-inversion`: a class is used in a new way, and by that an old path leads from one that a handler takes to one that is held while the
 * handler can interrupt.
 */
import type { IrqPathViolation } from '../model/violation.ts';
import type { Marking } from '../state/attempt.ts';
import type { State } from '../state/state.ts';
import type { Usage } from '../state/usage.ts';
import { beingMade, describePath, fromSafe, knownStep, markAt, toUnsafe } from './irq.ts';

export function irqInversion(state: State, event: Marking): readonly IrqPathViolation[] {
  return (event.usages ?? []).flatMap((usage) => {
    const found = usage.usage === 'used-in' ? newlySafe(state, event, usage) : newlyUnsafe(state, event, usage);
    return found ?? [];
  });
}

function newlySafe(state: State, event: Marking, usage: Usage): IrqPathViolation | undefined {
  const { class: lockClass, context, form } = usage;
  const start = { class: lockClass, isWeak: form === 'recursive-read' };
  const path = toUnsafe(state, { start, context, maybeEmpty: false });
  if (path === undefined) {
    return undefined;
  }
  const unsafe = markAt(state, path.end, { context, usage: 'enabled' });
  const other = unsafe.class.ref.name;
  const fact = `takes ${lockClass.ref.name} in ${context.name}; a path leads from it to ${other}, which is held with ${context.name} enabled`;
  const steps = path.steps.map((step) => knownStep(state, step));
  return describePath(state, event, { rule: 'irq-inversion', fact, safe: beingMade(usage, event), unsafe, steps });
}

function newlyUnsafe(state: State, event: Marking, usage: Usage): IrqPathViolation | undefined {
  const { class: lockClass, context, form } = usage;
  const path = fromSafe(state, { start: { class: lockClass, isWeak: form !== 'write' }, context, maybeEmpty: false });
  if (path === undefined) {
    return undefined;
  }
  const safe = markAt(state, path.end, { context, usage: 'used-in' });
  const other = safe.class.ref.name;
  const fact = `holds ${lockClass.ref.name} with ${context.name} enabled; a path leads to it from ${other}, which ${context.name} takes`;
  const steps = path.steps.map((step) => knownStep(state, step));
  return describePath(state, event, { rule: 'irq-inversion', fact, safe, unsafe: beingMade(usage, event), steps });
}
