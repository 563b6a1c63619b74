/**
 * Work that is done under a lock, and the release when it ends.
 */
import { awaitableOf } from '../owner/awaitable.ts';
import type { Claim } from './witness.ts';

/** What is held while the work is done. */
interface Held {
  readonly claim: Claim | null;
  /** Gives it back. @param evidence what the work returned */
  end(evidence: unknown): void;
}

/**
 * Runs work as the owner of what is held, and gives that back when the work has ended: at once where it threw, or returned
 * no promise. Work under what is held already begins before this returns.
 */
export async function workUnder<R>(got: Held | Promise<Held>, work: () => R | PromiseLike<R>): Promise<R> {
  const held = got instanceof Promise ? await got : got;
  let result: R | PromiseLike<R> | undefined;
  let value: R;
  try {
    result = held.claim === null ? work() : held.claim.run(work);
    const later = awaitableOf(result);
    value = later === null ? (result as R) : await later;
  } catch (error) {
    endQuietly(held, result);
    throw error;
  }
  held.end(result);
  return value;
}

// What the work threw matters more than what the checker has to say of its locks: that is recorded.
function endQuietly(held: Held, result: unknown): void {
  try {
    held.end(result);
  } catch {
    // The lock is given back all the same.
  }
}
