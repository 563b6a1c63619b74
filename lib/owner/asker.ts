/**
 * How an async flow asks for a lock.
 */
import type { Lockdep } from '../lockdep.ts';
import type { LockInstance } from '../state/classes.ts';
import { captureSite, type RawSite } from '../state/site.ts';
import { heldIn, ownerOf, prune } from './context.ts';
import { FlowJudge } from './judge.ts';
import { flowHooks } from './promise-hooks.ts';
import { FlowReader } from './reader.ts';
import { Ticket, type TicketFacts } from './ticket.ts';

export interface RequestOptions
  extends Partial<
    Pick<TicketFacts, 'mode' | 'units' | 'try' | 'ends' | 'reject' | 'owner' | 'isUpgrade' | 'together'>
  > {
  /** What a maker of its own has to know beside this. */
  readonly more?: object;
  /** Where it is asked for. Default: found out where it matters, above the call of `below`. */
  readonly site?: RawSite;
  readonly below?: unknown;
}

/** Makes a ticket: a plain one, or that of somebody who has more to say. */
export type TicketMaker<One extends Ticket> = new (facts: never) => One;

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

  requestAs<One extends Ticket>(Maker: TicketMaker<One>, lock: LockInstance, options: RequestOptions): One {
    const { mode = 'exclusive', units = 1, try: isTry = false } = options;
    const base = options.owner === undefined ? prune(flowHooks.context) : null;
    const tickets = this.ticketsOf(lock);
    const since = this.lockdep.state.now();
    const { owner, ends, reject, isUpgrade, together, site = null, more } = options;
    const facts = {
      tickets,
      mode,
      units,
      try: isTry,
      site,
      base,
      since,
      owner,
      ends,
      reject,
      isUpgrade,
      together,
      ...more,
    };
    const ticket = new Maker(facts as never);
    if (options.owner === undefined) {
      ticket.asker = ownerOf(base, this.live) ?? this.newFlow({ first: ticket });
      ticket.owner = ticket.asker;
      if (options.site === undefined && !this.judge.isKnown(ticket, heldIn(base, this.live))) {
        ticket.site = captureSite(options.below);
      }
    }
    flowHooks.use();
    tickets.add(ticket);
    return ticket;
  }
}
