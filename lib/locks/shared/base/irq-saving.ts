/**
 * Locks that are taken with interrupts of the owner disabled: what fails leaves everything as it was.
 */
import type { IrqFlags, Owner } from '../../../owner.ts';
import { NotHolderError } from '../errors.ts';

/** Disables hard interrupts, then takes a lock. @returns what `restoreAfter` gets */
export function takeWithIrqsOff(owner: Owner | null, take: () => void): IrqFlags {
  const flags = owner?.irqSave() ?? true;
  try {
    take();
  } catch (error) {
    owner?.irqRestore(flags);
    throw error;
  }
  return flags;
}

/** Disables soft interrupts, then takes a lock. */
export function takeWithBhOff(owner: Owner | null, take: () => void): void {
  owner?.softirqDisable();
  try {
    take();
  } catch (error) {
    owner?.softirqEnable();
    throw error;
  }
}

/** Gives a lock back, then restores interrupts; not where it stayed as it was. */
export function restoreAfter(give: () => void, restore: () => void): void {
  try {
    give();
  } catch (error) {
    if (!(error instanceof NotHolderError)) {
      restore();
    }
    throw error;
  }
  restore();
}
