/**
 * Releases that do not say which acquire they end.
 */
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import { forgetSameLock } from './nesting.ts';
import type { Ticket, Tickets } from './ticket.ts';

/** Who knows what is held. */
export interface Holders {
  readonly held: readonly Ticket[];
  ticketsOf(lock: LockInstance): Tickets;
  /** Whether the running flow is only likely to have got it, from another one. */
  isHandedOver(ticket: Ticket): boolean;
  released(ticket: Ticket): void;
  stray(lock: LockInstance, site: RawSite): void;
}

export interface UnnamedRelease {
  readonly lock: LockInstance;
  readonly units: number;
  readonly site: RawSite;
}

/** Gives back the flow's own units if it has any, then the oldest. */
export function releaseUnnamed(holders: Holders, { lock, units, site }: UnnamedRelease): void {
  const tickets = holders.ticketsOf(lock);
  const own = holders.held.filter((ticket) => ticket.lock === lock);
  if (own.length === 0 && !tickets.isUnowned) {
    holders.stray(lock, site);
  }
  let left = units;
  for (const ticket of [...own.reverse(), ...tickets.held]) {
    const given = Math.min(left, ticket.state === 'held' ? ticket.units : 0);
    left -= given;
    if (given === ticket.units) {
      const isOwn = own.includes(ticket) && !holders.isHandedOver(ticket);
      if (lock.class.isShared && !isOwn) {
        forgetSameLock(ticket);
      }
      holders.released(ticket);
    } else {
      ticket.units -= given;
    }
  }
}
