/**
 * Who asks for a wound/wait mutex, and how.
 */
import { checkObject } from '../options.ts';
import { isOwner, type Owner } from '../owner.ts';
import { shown } from '../shown.ts';
import { WwContext } from './ww-context.ts';
import { type Place, placeOf } from './ww-protocol.ts';
import type { Called, Transaction } from './ww-transaction.ts';

export interface WwLockOptions {
  /** Withdraws the wait: the promise is rejected with the signal's reason, and nothing is held. */
  readonly signal?: AbortSignal;
}

export interface Asker {
  readonly owner: Owner;
  /** `null` without a context. */
  readonly transaction: Transaction | null;
  readonly signal: AbortSignal | undefined;
  readonly place: Place;
  /** The function of the mutex that was called. */
  readonly caller: Called;
}

/**
 * @param caller the function that was called for it
 * @throws TypeError that names what is wrong, and what was expected
 */
export function askerOf(by: unknown, caller: Called, options: WwLockOptions = {}): Asker {
  checkObject('options', options);
  const { signal } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new TypeError(`signal: expected an AbortSignal, got ${shown(signal)}`);
  }
  const transaction = WwContext.transactionOf(by) ?? null;
  const owner = transaction?.owner ?? by;
  if (!isOwner(owner)) {
    throw new TypeError(`by: expected a context made by begin(), or an owner made by owner(), got ${shown(by)}`);
  }
  return { owner, transaction, signal, place: placeOf(caller), caller };
}
