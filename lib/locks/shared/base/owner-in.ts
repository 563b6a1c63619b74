/**
 * Who takes a lock in the eyes of the checker.
 */
import { checkObject } from '../../../options.ts';
import { isOwner, type Owner } from '../../../owner.ts';
import { shown } from '../../../shown.ts';
import type { LockingOptions } from './shared-lock.ts';
import type { ThreadWitness } from './thread-witness.ts';

/** The owner that is named, else whoever runs; `null` where nothing is checked. @throws TypeError if it is no owner */
export function ownerIn(witness: ThreadWitness | null, options: LockingOptions): Owner | null {
  checkObject('options', options);
  const { owner } = options;
  if (owner !== undefined && !isOwner(owner)) {
    throw new TypeError(`owner: expected an owner made by the checker's owner(), got ${shown(owner)}`);
  }
  return witness === null ? null : (owner ?? witness.owner);
}
