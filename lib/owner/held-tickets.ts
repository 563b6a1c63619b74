/**
 * The tickets that are held now, by lock: to release one of many locks must not cost a walk over all.
 */
import type { LockInstance } from '../state/classes.ts';
import type { Ticket } from './ticket.ts';

const NONE: ReadonlySet<Ticket> = new Set();

export class HeldTickets {
  readonly #byLock = new Map<LockInstance, Set<Ticket>>();
  readonly #unowned = new WeakSet<LockInstance>();

  get isEmpty(): boolean {
    return this.#byLock.size === 0;
  }

  add(ticket: Ticket): void {
    const known = this.#byLock.get(ticket.lock);
    if (known === undefined) {
      this.#byLock.set(ticket.lock, new Set([ticket]));
    } else {
      known.add(ticket);
    }
  }

  delete(ticket: Ticket): void {
    const known = this.#byLock.get(ticket.lock);
    known?.delete(ticket);
    if (known?.size === 0) {
      this.#byLock.delete(ticket.lock);
    }
  }

  /** Who holds this lock, the oldest first. */
  of(lock: LockInstance): ReadonlySet<Ticket> {
    return this.#byLock.get(lock) ?? NONE;
  }

  /** Forgets who holds units of this lock, now and from now on. */
  disown(lock: LockInstance): void {
    this.#unowned.add(lock);
  }

  isUnowned(lock: LockInstance): boolean {
    return this.#unowned.has(lock);
  }

  /** All that are held by somebody. */
  *[Symbol.iterator](): Iterator<Ticket> {
    for (const [lock, tickets] of this.#byLock) {
      if (!this.#unowned.has(lock)) {
        yield* tickets;
      }
    }
  }
}
