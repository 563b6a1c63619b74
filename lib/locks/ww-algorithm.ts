/**
 * The two ways to keep contexts from waiting for each other, and the queue of a mutex. Both are those of the kernel
 * (Documentation/locking/ww-mutex-design.rst) after Rosenkrantz, Stearns and Lewis, "System level concurrency control for
 * distributed database systems", 1978. A context that holds nothing blocks nobody: it may always wait, and has nobody back
 * off.
 */

/** Name of a way. */
export type WwAlgorithm = 'wound-wait' | 'wait-die';

/** A context, as far as its rivals have to know it. */
export interface Contender {
  /** Its age: the smaller the older. */
  readonly stamp: number;
  readonly held: { readonly size: number };
  readonly isWounded: boolean;
}

/** Somebody who waits for a mutex; without a context where `transaction` is `null`. */
export interface Queued<One extends Contender> {
  readonly transaction: One | null;
}

/** Who has a mutex, and who waits for it. */
export interface Rivals<One extends Contender> {
  readonly holder: One | null;
  readonly waiters: readonly Queued<One>[];
}

export interface Algorithm {
  /** Whether a context that holds something has to back off instead of waiting. */
  mustBackOff<One extends Contender>(asking: One, rivals: Rivals<One>): boolean;
  /** Those who have to back off because this context waits. */
  losers<One extends Contender>(asking: One, rivals: Rivals<One>): readonly One[];
}

const isOlder = (one: Contender, other: Contender): boolean => one.stamp < other.stamp;

function contexts<One extends Contender>(waiters: readonly Queued<One>[]): One[] {
  return waiters.flatMap(({ transaction }) => transaction ?? []);
}

/** Old ones wait for young ones only: who is younger than the holder, or than somebody who waits, dies. */
const WAIT_DIE: Algorithm = {
  mustBackOff: (asking, { holder, waiters }) =>
    (holder !== null && isOlder(holder, asking)) || contexts(waiters).some((other) => isOlder(other, asking)),
  losers: (asking, { waiters }) => contexts(waiters).filter((other) => other.held.size > 0 && isOlder(asking, other)),
};

/**
 * Young ones wait for old ones only: who has to wait for a younger holder wounds it. The wound is felt where the holder
 * has to wait itself, and not before, so that it learns which mutex it has to wait for when it starts again.
 */
const WOUND_WAIT: Algorithm = {
  mustBackOff: (asking) => asking.isWounded,
  losers: (asking, { holder }) => (holder !== null && asking.held.size > 0 && isOlder(asking, holder) ? [holder] : []),
};

export const ALGORITHMS: ReadonlyMap<WwAlgorithm, Algorithm> = new Map([
  ['wound-wait', WOUND_WAIT],
  ['wait-die', WAIT_DIE],
]);

/**
 * Those who wait, in the order in which they get the mutex: first come first served, but a context goes before all younger
 * ones. So it can pass waiters without a context too, but only as often as there are older contexts: nobody starves.
 */
export class WaitQueue<Waiter extends Queued<Contender>> {
  readonly waiters: Waiter[] = [];

  add(waiter: Waiter): void {
    const { transaction } = waiter;
    const at = this.waiters.findIndex((other) => {
      return transaction !== null && other.transaction !== null && isOlder(transaction, other.transaction);
    });
    this.waiters.splice(at < 0 ? this.waiters.length : at, 0, waiter);
  }

  remove(waiter: Waiter): void {
    const at = this.waiters.indexOf(waiter);
    if (at >= 0) {
      this.waiters.splice(at, 1);
    }
  }

  /** Takes the first one out. */
  next(): Waiter | undefined {
    return this.waiters.shift();
  }
}
