/**
 * What is known of the async flows of one checker: who runs, and what he holds.
 */
import type { HeldView } from '../explicit/engine.ts';
import type { Lockdep } from '../lockdep.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { LockOptions } from '../options.ts';
import type { LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite } from '../state/site.ts';
import { heldIn, ownerOf } from './context.ts';
import { FlowOwner } from './flow-owner.ts';
import { LiveLocks, LockTickets } from './lock-tickets.ts';
import { flowHooks } from './promise-hooks.ts';
import type { Ticket } from './ticket.ts';

/** Where a lock comes from that has no name: the function that made it, or another lock of its class. */
export interface LockOrigin {
  readonly below: unknown;
  readonly like?: LockInstance | undefined;
}

export class FlowReader {
  readonly live: LiveLocks = new LiveLocks();
  protected readonly lockdep: Lockdep;

  constructor(lockdep: Lockdep) {
    this.lockdep = lockdep;
  }

  /** Runs a piece of the checker. If it fails the checker is off from then on. */
  guarded(work: () => void): void {
    this.lockdep.guarded(work);
  }

  current(): OwnerRef & { readonly held: readonly HeldView[] } {
    const { owner, held: tickets } = this;
    const { resolver } = this.lockdep.state;
    const held = tickets.map(({ lock, mode, place }) => {
      return { lock, mode, site: place?.resolve(resolver) ?? null };
    });
    return { id: owner.id, name: owner.name, held };
  }

  /** What the running flow holds. */
  get held(): readonly Ticket[] {
    return heldIn(flowHooks.context, this.live);
  }

  /** Whether the running flow is only likely to have got it, from another one. */
  isHandedOver(ticket: Ticket): boolean {
    for (let at = flowHooks.context; at !== null; at = at.up) {
      if (at.ticket === ticket && at.owned) {
        return at.via !== null;
      }
    }
    return false;
  }

  /** Who runs. */
  get owner(): OwnerRef {
    return ownerOf(flowHooks.context, this.live) ?? SOMEBODY;
  }

  /** True where it cannot be told whether the running flow holds the lock: somebody does, and he may be the one. */
  mayHold(lock: LockInstance): boolean {
    const { held } = this.ticketsOf(lock);
    return flowHooks.isOn ? held.some(({ isExplicit }) => isExplicit) : held.length > 0;
  }

  /** Whether anybody waits for a lock, or holds it. */
  isInUse(lock: LockInstance): boolean {
    return lock.tracked !== null && !this.ticketsOf(lock).isEmpty;
  }

  holders(lock: LockInstance): readonly HeldLock[] {
    return this.ticketsOf(lock).held;
  }

  /** A lock of a class with this name, or of the place where it is made. */
  lockOf(name: string | undefined, options: LockOptions, { below, like }: LockOrigin): LockInstance {
    if (like !== undefined) {
      const { key } = like.class.ref;
      return this.lockdep.lockOf(
        { key, identity: () => like.class.ref },
        { kind: like.class.kind.name, data: options.data },
      );
    }
    return name === undefined
      ? this.lockdep.lockOf(this.lockdep.origin(below, options.kind ?? 'lock'), options)
      : this.lockdep.lock(name, options);
  }

  protected newFlow(facts: { first?: { readonly place: RawSite | null }; task?: string }): FlowOwner {
    return new FlowOwner({ id: this.lockdep.nextOwnerId(), resolver: this.lockdep.state.resolver, ...facts });
  }

  /** The tickets of a lock, made where there are none yet. */
  ticketsOf(lock: LockInstance): LockTickets {
    lock.tracked ??= new LockTickets(lock, this.lockdep.state.chains.root, this.live);
    return lock.tracked as LockTickets;
  }
}

const SOMEBODY: OwnerRef = { id: 0, name: 'flow' };
