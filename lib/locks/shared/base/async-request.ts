/**
 * Somebody in this thread who waits for a lock over shared memory without blocking.
 */
import type { Mode } from '../../../model/lock.ts';
import type { Holding } from '../../guard.ts';
import { Waiter } from '../../waiter.ts';
import type { Claim } from '../../witness.ts';

/** What is asked for. */
export interface AsyncHow {
  readonly units: number;
  readonly mode: Exclude<Mode, 'recursive-shared'>;
  /** The public method that was called. */
  readonly caller: unknown;
  /** Whether the guard is handed to the program. */
  readonly handsOut: boolean;
}

/** Gets the guard, or nothing where it needs the lock no more. */
export class AsyncRequest extends Waiter<Holding | null> {
  readonly how: AsyncHow;
  /** Name of its owner, where the program has named one. */
  readonly owner: string | undefined;
  /** True once it has slept: then others may sleep too, of whom nobody knows. */
  hasSlept = false;
  readonly #hasLeft: (request: AsyncRequest) => void;

  constructor(
    how: AsyncHow,
    { claim, owner }: { readonly claim: Claim | null; readonly owner: string | undefined },
    hasLeft: (request: AsyncRequest) => void,
  ) {
    super(claim);
    this.how = how;
    this.owner = owner;
    this.#hasLeft = hasLeft;
  }

  protected override left(reason: unknown, how: 'gaveUp' | 'withdrawn'): void {
    super.left(reason, how);
    this.#hasLeft(this);
  }
}
