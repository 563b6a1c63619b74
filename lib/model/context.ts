/**
 * Contexts are data: whatever can interrupt an owner and then acts in its place. An interrupt, a signal handler, an event
 * callback. Hard and soft interrupts are two rows of the table.
 */
import type { WaitType } from './kind.ts';

/** What the checker has to know of a context. */
export interface ContextKind {
  readonly name: string;
  /** The strongest wait that is allowed in it. */
  readonly limit: WaitType;
  /** The same where the handler would run in a thread of its own on a real-time kernel. */
  readonly threadedLimit: WaitType;
  /** Names of the contexts that are disabled while it runs, its own included. */
  readonly masks: readonly string[];
  /** Names of the contexts that must be enabled, besides itself, for its handlers to run. */
  readonly needs: readonly string[];
  /** Whether disabling it counts; else it is a flag. */
  readonly counted: boolean;
  /** False for one that is called, and never interrupts: a poller, a message function. It leaves no marks. */
  readonly interrupts: boolean;
  /** Whether readers that no waiting writer stops in interrupts are such ones here. */
  readonly interrupt: boolean;
  /** The same while it is disabled. */
  readonly interruptWhenDisabled: boolean;
  /** Whether nobody may sleep while it is disabled. */
  readonly atomic: boolean;
}

/** What a context of one's own has to say. It masks itself, and limits nothing, unless told otherwise. */
export type ContextDefinition = Partial<ContextKind> & Pick<ContextKind, 'name'>;

/** A context from what is said of it. */
export function contextOf(definition: ContextDefinition): ContextKind {
  const { name, limit = 'sleep' } = definition;
  return Object.freeze({
    limit,
    threadedLimit: limit,
    masks: [name],
    needs: [],
    counted: true,
    interrupts: true,
    interrupt: false,
    interruptWhenDisabled: false,
    atomic: false,
    ...definition,
  });
}

/** The contexts that every checker has. */
export const CONTEXTS: readonly ContextKind[] = [
  contextOf({ name: 'hardirq', limit: 'spin', threadedLimit: 'config', counted: false, interrupt: true, atomic: true }),
  contextOf({
    name: 'softirq',
    limit: 'config',
    masks: ['softirq', 'hardirq'],
    needs: ['hardirq'],
    interrupt: true,
    interruptWhenDisabled: true,
    atomic: true,
  }),
];
