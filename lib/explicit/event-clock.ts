/**
 * The order of what happened, as far as it matters for events.
 */
import type { LockInstance } from '../state/classes.ts';

/** The events of one checker, in order. */
export class EventClock {
  readonly #requested = new WeakMap<LockInstance, number>();
  readonly #events = new WeakSet<LockInstance>();
  #now = 0;

  add(event: LockInstance): void {
    this.#events.add(event);
  }

  /** @throws TypeError if it is no event */
  checkEvent(event: LockInstance): void {
    if (!this.#events.has(event)) {
      throw new TypeError(`event: expected an event made by this checker's event(), got the lock '${event.name}'`);
    }
  }

  /** @throws TypeError if it is an event */
  refuseEvent(lock: LockInstance): void {
    if (this.#events.has(lock)) {
      throw new TypeError(`lock: '${lock.name}' is an event: wait for it or signal it`);
    }
  }

  tick(): number {
    return ++this.#now;
  }

  /** Somebody counts on the event from now on. */
  request(event: LockInstance): void {
    this.#requested.set(event, this.tick());
  }

  requestedAt(event: LockInstance): number {
    return this.#requested.get(event) ?? Number.POSITIVE_INFINITY;
  }
}
