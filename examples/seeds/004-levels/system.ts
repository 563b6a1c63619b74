/**
 * The spinlocks of a small kernel: of low priority for memory and page tables, one for each IRQ level, and of high priority for what any
 * level calls. Their levels say in which order a CPU takes them: memory first, then page tables, then the IRQs upwards.
 */
import type { IrqLevelLock, IrqPriority, Lockdep, Owner, SharedLockHandle } from '../../../lib/index.ts';
import { built } from '../built.ts';

export const KEYBOARD_IRQ = 1;
export const DISK_IRQ = 5;

/** The locks that a CPU in a thread of its own is given. */
export interface Handles {
  /** One for all, or one for each CPU. */
  readonly malloc: readonly SharedLockHandle[];
  readonly pageTable: SharedLockHandle;
  readonly keyboard: SharedLockHandle;
  readonly wake: SharedLockHandle;
}

export interface Locks {
  readonly malloc: readonly IrqLevelLock[];
  readonly pageTable: IrqLevelLock;
  readonly keyboard: IrqLevelLock;
  readonly disk: IrqLevelLock;
  readonly wake: IrqLevelLock;
}

/** Which levels there are, and who is on them. */
export const LEVELS = { malloc: 10, pageTable: 20, irq: (irq: number): number => 40 - irq, wake: 50 } as const;

export interface Making {
  /** How many arenas memory is given from. @default 1 */
  readonly arenas?: number;
  /** @default 'high' */
  readonly wakePriority?: IrqPriority;
}

export function makeLocks(lockdep: Lockdep, { arenas = 1, wakePriority = 'high' }: Making = {}): Locks {
  const lock = (name: string, priority: IrqPriority, level: number) =>
    new built.IrqLevelLock(name, { lockdep, priority, level });
  const arena = arenas === 1 ? 'malloc' : 'malloc arena';
  return {
    malloc: Array.from({ length: arenas }, () => lock(arena, 'low', LEVELS.malloc)),
    pageTable: lock('page table', 'low', LEVELS.pageTable),
    keyboard: lock('irq1 keyboard', KEYBOARD_IRQ, LEVELS.irq(KEYBOARD_IRQ)),
    disk: lock('irq5 disk', DISK_IRQ, LEVELS.irq(DISK_IRQ)),
    wake: lock('wake a thread', wakePriority, LEVELS.wake),
  };
}

/** Any level may call this. */
export function wakeThread({ wake }: Locks): void {
  wake.run(() => undefined);
}

export function malloc({ malloc: [arena] }: Locks): void {
  arena?.run(() => undefined);
}

/** As long as the handler runs its CPU has the lock of its IRQ. */
export function keyboardHandler(locks: Locks): void {
  locks.keyboard.run(() => wakeThread(locks));
}

/** What the main routine of the driver shares with the handler is under the same lock. Memory comes first. */
export function readKey(locks: Locks): void {
  malloc(locks);
  locks.pageTable.run(() => undefined);
  locks.keyboard.run(() => wakeThread(locks));
}

/** An interrupt, at a quiet moment. */
export function interrupt(cpu: Owner, irq: number, handler: () => void): void {
  cpu.enter(`irq${irq}`);
  try {
    handler();
  } finally {
    cpu.exit(`irq${irq}`);
  }
}
