/**
 * Locks that stand for keys, one for each: which of them are in use. Two for one key are a defect.
 */
import type { Ticket, Tickets } from './ticket.ts';

export class KeysInUse {
  readonly #byClass = new Map<object, Map<string, Set<Tickets>>>();

  add(tickets: Tickets): void {
    const { key, class: lockClass } = tickets.lock;
    if (key === null) {
      return;
    }
    const byKey = this.#byClass.get(lockClass) ?? new Map<string, Set<Tickets>>();
    const used = byKey.get(key) ?? new Set();
    this.#byClass.set(lockClass, byKey.set(key, used.add(tickets)));
  }

  delete(tickets: Tickets): void {
    const { key, class: lockClass } = tickets.lock;
    const byKey = key === null ? undefined : this.#byClass.get(lockClass);
    const used = byKey?.get(key ?? '');
    used?.delete(tickets);
    if (used?.size === 0) {
      byKey?.delete(key ?? '');
    }
  }

  /** Who holds, or else waits for, another lock for the key that this request is for. */
  rival({ lock, class: lockClass }: Ticket): Ticket | undefined {
    const used = lock.key === null ? undefined : this.#byClass.get(lockClass)?.get(lock.key);
    const others = [...(used ?? [])].filter((tickets) => tickets.lock !== lock);
    return others.flatMap(({ held }) => held)[0] ?? others.flatMap(({ waiting }) => waiting)[0];
  }
}
