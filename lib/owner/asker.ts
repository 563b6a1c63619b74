/**
 * How an async flow asks for a lock.
 */
import type { Lockdep } from '../lockdep.ts';
import type { LockInstance } from '../state/classes.ts';
import { captureSite } from '../state/site.ts';
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
      if (ticket.site === null && !this.judge.isKnown(ticket, heldIn(base, this.live))) {
        ticket.site = captureSite(options.below);
      }
    }
    flowHooks.use();
    tickets.add(ticket);
    return ticket;
  }
}
