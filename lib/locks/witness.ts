/**
 * What a lock tells the checker, and what the checker may do to it. No lock depends on an answer: without a witness it works
 * the same. Only `ask`, `lock`, the assertions and, under the `throw` policy, `released` and `misreleased` may throw; a
 * grant, a wait or its end never does, for it happens on the stack of somebody else.
 */
import type { Owner } from '../owner.ts';
import type { LockInstance } from '../state/classes.ts';

/** One request, from asking to release. It must not keep the guard that was handed out alive. */
export interface Claim {
  /** True from `granted` to `released`. */
  readonly held: boolean;
  /** The continuation that waits for this promise owns the lock. */
  mark<P>(promise: P): P;
  /** Whoever waits for this promise, that of `run`, goes on when the work under the lock is over. */
  markWork<P>(promise: P): P;
  /**
   * It has to wait, and stands in the queue. May end the wait through `reject` before it returns. It may run in the context
   * of somebody else: a notified waiter of a condition queues for its mutex while the notifier runs.
   * @param reject ends the wait, if it is not over. Absent for one that cannot be refused
   */
  blocked(reject?: (error: Error) => void): void;
  /** It has the lock: said in the context of whoever gave it, before the promise is resolved. Ends the claim it upgrades. */
  granted(): void;
  /** The wait timed out or was rejected, or the lock was not free for a try. */
  gaveUp(): void;
  /** The program took the request back. */
  withdrawn(): void;
  /**
   * The lock is given back, whatever this throws.
   * @param evidence the result of the work under the lock, where `run` ended it: a promise, if it was one
   */
  released(evidence?: unknown): void;
  /** Runs work as the owner of the claim. Called after `granted` only. */
  run<R>(work: () => R): R;
  /**
   * The guard that was handed to the program: one that is garbage-collected before the release is `abandoned`. Called again
   * when a downgrade hands out another guard; the last one counts.
   */
  attach(guard: object): void;
  /** It is held shared from here on. */
  downgraded(): void;
  /** Its guard was released a second time. @param caller the function that was called */
  misreleased(caller: unknown): void;
  /** Whoever holds it waits for this promise before he does anything else. */
  awaits(promise: object): void;
}

/** How a lock is asked for. */
export interface Ask {
  /** @default 'exclusive' */
  readonly mode?: 'exclusive' | 'shared' | undefined;
  /** Units of a counting lock. @default 1 */
  readonly units?: number | undefined;
  /** Whether it does without the lock if it has to wait. @default false */
  readonly try?: boolean | undefined;
  /** The owner that the program names. Default: that of the running flow. */
  readonly owner?: Owner | undefined;
  /** Whether the wait ends by itself: it has a timeout or a signal. @default false */
  readonly ends?: boolean | undefined;
  /** The public method that was called: its caller is the place. */
  readonly caller: unknown;
  /** What it has in common with others that are asked for together, in an order that everybody keeps. */
  readonly together?: object | undefined;
  /** The shared claim that this one takes the place of: it ends where this is granted, and stays where it is not. */
  readonly upgrades?: Claim | undefined;
}

/** What a new lock is for the checker. */
export interface LockDescription {
  readonly kind: string;
  /** @default 1 */
  readonly capacity?: number;
  readonly level?: number;
  /** Below 0 where `wanted` may be taken while `held` is. */
  readonly compare?: (held: LockInstance, wanted: LockInstance) => number;
  /** What `compare` has to know of it. */
  readonly data?: unknown;
  /** The constructor: its caller is the creation site. */
  readonly below: unknown;
  /** A lock whose class it shares; name, kind, level, order and site are then those of that class. */
  readonly like?: LockInstance;
}

/** The side of the checker that locks see. */
export interface Witness {
  /** @throws LockdepError under the `throw` policy: nothing was asked for */
  ask(lock: LockInstance, request: Ask): Claim;
  /** @throws TypeError for what the class cannot have, or has otherwise */
  lock(name: string | undefined, description: LockDescription): LockInstance;
  /** @throws LockdepError under the `throw` policy */
  assertHeld(lock: LockInstance, mode: 'exclusive' | 'shared' | undefined, caller: unknown): void;
  /** @throws LockdepError under the `throw` policy */
  assertNotHeld(lock: LockInstance, caller: unknown): void;
}
