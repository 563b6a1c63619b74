/**
 * The two marks that make an interrupt dangerous: a lock asked for by a handler, and a lock held while it can interrupt.
 */
import type { ClassRef, Site } from '../../model/lock.ts';
import type { IrqInconsistentViolation, IrqPathViolation, UsageRef } from '../../model/violation.ts';
import type { Place } from '../report.ts';
import { formAs, type NameOf, place } from './names.ts';

/** A mark, and what it is a mark of. */
export interface Usage {
  readonly lock: ClassRef;
  readonly context: string;
  readonly mark: UsageRef;
  /** True for the mark that this event made. */
  readonly isNew: boolean;
}

/** The handler's mark and that of the code it interrupts, the new one first. */
export function usagesOf(violation: IrqInconsistentViolation | IrqPathViolation): readonly [Usage, Usage] {
  const { used, enabled } = handlerAndHolder(violation);
  return enabled.isNew ? [enabled, used] : [used, enabled];
}

/** The same, told apart by what they are. */
export function handlerAndHolder(violation: IrqInconsistentViolation | IrqPathViolation): {
  readonly used: Usage;
  readonly enabled: Usage;
} {
  const { context, used, enabled } = violation;
  const ends =
    violation.rule === 'irq-inconsistent'
      ? { safe: violation.lock, unsafe: violation.lock }
      : { safe: violation.safe, unsafe: violation.unsafe };
  const news = newMark(violation);
  return {
    used: { lock: ends.safe, context, mark: used, isNew: news === used },
    enabled: { lock: ends.unsafe, context, mark: enabled, isNew: news === enabled },
  };
}

/**
 * The mark that this event made: one of the owner that the violation is about, at the first place of the violation. Where that
 * cannot be told, none.
 */
function newMark(violation: IrqInconsistentViolation | IrqPathViolation): UsageRef | undefined {
  const { rule, used, enabled, owner } = violation;
  if (rule === 'irq-order') {
    return undefined;
  }
  const own = [used, enabled].filter((mark) => mark.owner === owner);
  // A place that was not recorded is not the first one: what is first then is that of something else.
  const isRecorded = own.every(({ site }) => site !== null);
  const fitting = own.length > 1 && isRecorded ? own.filter((mark) => isFirst(mark, violation.sites)) : own;
  return fitting.length === 1 ? fitting[0] : undefined;
}

function isFirst({ site }: UsageRef, [first]: readonly Site[]): boolean {
  return site !== null && first !== undefined && place(site) === place(first);
}

/** `stats asked in hardirq`, or `queue held with hardirq enabled`. */
export function usagePlace({ lock, context, mark }: Usage, nameOf: NameOf): Place {
  const how =
    mark.usage === 'used-in'
      ? `asked${formAs(mark.form)} in ${context}`
      : `held${formAs(mark.form)} with ${context} enabled`;
  return { label: `${nameOf(lock)} ${how}`, site: mark.site };
}
