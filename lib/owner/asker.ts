/**
 * How an async flow asks for a lock.
 */
import type { Lockdep } from '../lockdep.ts';
import { ABANDON_RULES, LEASE_RULES, SPLIT_KEY_RULES } from '../rules/index.ts';
import type { LateUse } from '../rules/lease-expired.ts';
import type { LockInstance } from '../state/classes.ts';
import { captureSite } from '../state/site.ts';
import { making } from './asleep.ts';
import { heldIn, ownerOf, prune } from './context.ts';
import { FlowJudge } from './judge.ts';
import { flowHooks } from './promise-hooks.ts';
import { FlowReader } from './reader.ts';
import { type Asking, type RequestOptions, Ticket } from './ticket.ts';

/** Makes a ticket: a plain one, or that of somebody who has more to say. */
export type TicketMaker<One extends Ticket, Options> = new (asking: Asking, options: Options) => One;

export class FlowAsker extends FlowReader {
  protected readonly judge: FlowJudge;

  constructor(lockdep: Lockdep) {
    super(lockdep);
    this.judge = new FlowJudge(lockdep);
  }

  /** The running flow asks for a lock. */
  request(lock: LockInstance, options: RequestOptions): Ticket {
    return this.requestAs(Ticket, lock, options);
  }

  requestAs<One extends Ticket, Options extends RequestOptions>(
    Maker: TicketMaker<One, Options>,
    lock: LockInstance,
    options: Options,
  ): One {
    const isFlow = options.owner === undefined;
    const base = isFlow ? prune(flowHooks.context) : null;
    const tickets = this.ticketsOf(lock);
    const ticket = new Maker({ tickets, base, since: this.lockdep.state.now() }, options);
    if (isFlow) {
      ticket.asker = ownerOf(base, this.live) ?? this.newFlow({ first: ticket });
      ticket.owner = ticket.asker;
      if (ticket.site === null && !this.judge.isKnown(ticket)) {
        ticket.site = captureSite(options.below);
      }
    }
    ticket.within = making.latest === null ? null : new WeakRef(making.latest);
    flowHooks.use();
    tickets.add(ticket);
    if (lock.key !== null) {
      this.#lookForRival(ticket, lock.key);
    }
    return ticket;
  }

  /** The lock was given to a request that had been given up: nobody will release it. */
  grantedToNobody(ticket: Ticket): void {
    if (ticket.state === 'cancelled') {
      this.judge.announce(ABANDON_RULES, { held: ticket, how: 'granted-to-nobody' });
    }
  }

  /** A holder whose lease has run out does something as if he held the lock. */
  late(ticket: Ticket, use: Pick<LateUse, 'act' | 'site' | 'expiredForMs'>): void {
    const { lock, owner, place: taken, tickets } = ticket;
    const successor = tickets.latest === ticket ? undefined : (tickets.latest ?? undefined);
    this.lockdep.guarded(() =>
      this.judge.tell(LEASE_RULES, { ...use, owner, lock, taken, held: this.held, successor }),
    );
  }

  #lookForRival(ticket: Ticket, key: string): void {
    const other = this.live.keys.rival(ticket);
    if (other !== undefined) {
      const { asker: owner, lock, base } = ticket;
      const site = ticket.place ?? captureSite(this.requestAs);
      const held = heldIn(base, this.live);
      const isWaiting = other.state === 'waiting';
      this.lockdep.guarded(() => {
        this.judge.tell(SPLIT_KEY_RULES, { owner, lock, key, other, isWaiting, site, held });
      });
    }
  }
}
