/**
 * The interrupt levels of a CPU, as contexts of a checker: `irq0` to `irq7`. IRQ 0 is the most urgent; the handler of a level keeps its own
 * IRQ and all less urgent ones away. They are defined once for each checker; where the program has contexts with these names, those are used.
 */
import type { Lockdep } from '../../lockdep.ts';

/** Which interrupts a lock keeps away: none, those of a level and all less urgent ones, or all. */
export type IrqPriority = 'low' | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 'high';

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** All that a lock can be given, for messages. */
export const IRQ_PRIORITIES: readonly IrqPriority[] = ['low', ...LEVELS, 'high'];

/** Defines the levels that the checker does not know yet. */
export function defineIrqLevels(lockdep: Lockdep): void {
  const { contexts } = lockdep.state;
  for (const level of LEVELS) {
    const name = nameOf(level);
    if (contexts.find(name) === undefined) {
      lockdep.context({ name, limit: 'spin', masks: fromLevel(level), interrupt: true, atomic: true });
    }
  }
}

/**
 * Names of the contexts that a lock of this priority keeps from interrupting its holder. As few as say it: each is counted at
 * each acquire, with all that it masks.
 */
export function inhibitedBy(priority: IrqPriority, { state: { contexts } }: Lockdep): readonly string[] {
  if (priority === 'low') {
    return [];
  }
  const level = priority === 'high' ? 0 : priority;
  const masks = contexts.find(nameOf(level))?.masks ?? [];
  const others = fromLevel(level).filter((name) => name !== nameOf(level) && !masks.includes(name));
  // Whoever has no levels has hard interrupts, and what is safe everywhere is safe from them too.
  return [nameOf(level), ...others, ...(priority === 'high' ? ['hardirq'] : [])];
}

function fromLevel(level: number): readonly string[] {
  return LEVELS.filter((other) => other >= level).map(nameOf);
}

function nameOf(level: number): string {
  return `irq${level}`;
}
