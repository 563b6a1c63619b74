/**
 * `irq-inconsistent`: a handler takes a lock that is also held while the handler can interrupt its holder. The handler then waits
 * for the owner that cannot go on before the handler has ended. Two readers do not stop each other.
 */
import { classAnchor } from '../model/fingerprint.ts';
import type { IrqInconsistentViolation } from '../model/violation.ts';
import type { Marking } from '../state/attempt.ts';
import type { State } from '../state/state.ts';
import { ANY_FORM, type Usage } from '../state/usage.ts';
import { finding } from './finding.ts';
import { beingMade, type SeenUsage, usageRef } from './irq.ts';

export function irqInconsistent(state: State, event: Marking): readonly IrqInconsistentViolation[] {
  return (event.usages ?? []).flatMap((usage) => {
    const opposite = usage.usage === 'enabled' ? 'used-in' : 'enabled';
    const known = state.usages.find(
      usage.class,
      usage.context,
      opposite,
      usage.form === 'write' ? ANY_FORM : ['write'],
    );
    return known === undefined ? [] : [describe(state, event, { usage, known })];
  });
}

function describe(
  state: State,
  event: Marking,
  { usage, known }: { usage: Usage; known: SeenUsage },
): IrqInconsistentViolation {
  const now = beingMade(usage, event);
  const [safe, unsafe] = usage.usage === 'used-in' ? [now, known] : [known, now];
  const [used, enabled] = [usageRef(state, safe), usageRef(state, unsafe)];
  const lock = usage.class.ref;
  const context = usage.context.name;
  const fact =
    usage.usage === 'used-in'
      ? `takes ${lock.name} in ${context}, and it is held elsewhere with ${context} enabled`
      : `holds ${lock.name} with ${context} enabled, and ${context} takes it`;
  const base = finding(state, {
    rule: 'irq-inconsistent',
    severity: 'error',
    confidence: 'possible',
    message: `${event.owner.name} ${fact}.`,
    owner: event.owner,
    held: event.held,
    sites: usage.usage === 'used-in' ? [used.site, enabled.site] : [enabled.site, used.site],
    identity: [context, classAnchor(lock)],
  });
  return { ...base, lock, context, used, enabled };
}
