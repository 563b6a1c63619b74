/**
 * The thread as an owner, and holders in other threads, for the checker of this one: so that an assertion, or a release of what somebody else holds, names him
 * and the place where he took the lock. Walks the rows of all threads: for reports only.
 */
import type { HeldView, OwnerSource } from '../../../explicit/engine.ts';
import type { Lockdep } from '../../../lockdep.ts';
import { actorOf } from '../../../model/actor.ts';
import type { OwnerRef } from '../../../model/owner.ts';
import type { Owner } from '../../../owner.ts';
import type { LockInstance } from '../../../state/classes.ts';
import type { HeldLock } from '../../../state/held.ts';
import { RawSite } from '../../../state/site.ts';
import { type HoldingRow, holdingsOf } from '../memory/rows.ts';
import type { Space } from '../memory/space.ts';

export class ForeignHolders implements OwnerSource {
  readonly #lockdep: Lockdep;
  readonly #space: Space;
  readonly #thread: () => Owner | undefined;
  readonly #ids = new WeakMap<LockInstance, number>();

  /** @param thread the owner that the thread is, once it has taken a lock */
  constructor(lockdep: Lockdep, space: Space, thread: () => Owner | undefined) {
    this.#lockdep = lockdep;
    this.#space = space;
    this.#thread = thread;
  }

  /** The lock stands in shared memory under this number. */
  know(lock: LockInstance, id: number): void {
    this.#ids.set(lock, id);
  }

  /** The thread itself, as long as it holds something. */
  current(): (OwnerRef & { readonly held: readonly HeldView[] }) | undefined {
    const thread = this.#thread();
    return thread !== undefined && thread.entries().length > 0 ? thread : undefined;
  }

  holders(lock: LockInstance): readonly HeldLock[] {
    const id = this.#ids.get(lock);
    const { threads } = this.#space;
    const found: HeldLock[] = [];
    for (let slot = 1; id !== undefined && slot <= threads.highest; slot++) {
      const rows = slot === threads.own || !threads.isLive(slot) ? [] : holdingsOf(this.#space, slot);
      found.push(...rows.filter((row) => row.lock === id).map((row) => this.#held(lock, row)));
    }
    return found;
  }

  #held(lock: LockInstance, { slot, site, isShared, ...actor }: HoldingRow): HeldLock {
    return {
      owner: { id: -slot, name: actorOf(actor) },
      lock,
      class: lock.class,
      mode: isShared ? 'shared' : 'exclusive',
      units: 1,
      try: false,
      site: site === null ? null : RawSite.of(site),
      chain: this.#lockdep.state.chains.root,
      acquire: null,
    };
  }
}
