/**
 * One acquire of an async flow, from the request to the release, and the context that a flow carries: a persistent list
 * of the tickets it has. Flows that fork share the tail; nothing is copied.
 */
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { ChainNode } from '../state/chains.ts';
import type { LockClass, LockInstance } from '../state/classes.ts';
import type { HeldLock } from '../state/held.ts';
import type { RawSite, SiteResolver } from '../state/site.ts';

export type TicketState = 'waiting' | 'held' | 'released' | 'cancelled';

export interface FlowFacts {
  readonly id: number;
  /** Where it asked for its first lock. */
  readonly site: RawSite;
  readonly resolver: SiteResolver;
  /** Name of the function that it runs, where it runs one of its own; empty for a function without a name. */
  readonly task?: string | undefined;
}

/** An async flow from its first lock to the release of its last, named after the function that it runs or that asked. */
export class FlowOwner implements OwnerRef {
  readonly #facts: FlowFacts;

  constructor(facts: FlowFacts) {
    this.#facts = facts;
  }

  get id(): number {
    return this.#facts.id;
  }

  get name(): string {
    const { id, site, resolver, task } = this.#facts;
    const fallback = task === undefined ? 'flow' : 'task';
    return `${task || (site.resolve(resolver)?.function ?? fallback)}#${id}`;
  }
}

export interface TicketFacts {
  readonly asker: FlowOwner;
  readonly lock: LockInstance;
  readonly mode: Mode;
  readonly units: number;
  readonly try: boolean;
  readonly site: RawSite;
  /** What the flow had when it asked. */
  readonly base: Context | null;
  readonly since: number;
  /** Replaced when the lock is granted. */
  readonly chain: ChainNode;
}

export class Ticket implements HeldLock {
  /** The flow that asks. */
  readonly asker: FlowOwner;
  /** The flow that holds it: another one where a task of its own begins with the grant. */
  owner: FlowOwner;
  readonly lock: LockInstance;
  readonly mode: Mode;
  /** Units that it still holds: a counting resource may be given back in parts. */
  units: number;
  readonly try: boolean;
  readonly site: RawSite;
  readonly base: Context | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
  chain: ChainNode;
  state: TicketState = 'waiting';
  /** True once a wait that did not end was judged. */
  judged = false;
  /** What was granted while this one was held, as far as it is new and not decided yet. */
  readonly inner: Nesting[] = [];
  /** Number of nestings, as the inner one, that are not decided yet. Flows remember the ticket until then. */
  undecided = 0;

  constructor(facts: TicketFacts) {
    this.asker = facts.asker;
    this.owner = facts.asker;
    this.lock = facts.lock;
    this.mode = facts.mode;
    this.units = facts.units;
    this.try = facts.try;
    this.site = facts.site;
    this.base = facts.base;
    this.since = facts.since;
    this.chain = facts.chain;
  }

  get class(): LockClass {
    return this.lock.class;
  }

  get acquire(): object {
    return this;
  }

  get isOver(): boolean {
    return (this.state === 'released' || this.state === 'cancelled') && this.undecided === 0;
  }
}

/** A lock granted to a flow that holds others. */
export interface Nesting {
  readonly ticket: Ticket;
  /** What the flow held then, outermost first. */
  readonly held: readonly Ticket[];
  /** True for more of what the outer one holds, false for a dependency on it. */
  readonly inSameLock: boolean;
}

/** A link of the list that a flow carries. */
export class Context {
  readonly up: Context | null;
  readonly ticket: Ticket;
  /** False where the flow only knows of the acquire: another flow owns it. */
  readonly owned: boolean;

  constructor(up: Context | null, ticket: Ticket, owned: boolean) {
    this.up = up;
    this.ticket = ticket;
    this.owned = owned;
  }
}

/** Drops what is over from the top, so that loops do not grow. */
export function prune(context: Context | null): Context | null {
  let top = context;
  while (top?.ticket.isOver) {
    top = top.up;
  }
  return top;
}

/** Adds a ticket that the context does not have yet, and leaves out what is over, so that loops do not grow. */
export function push(context: Context | null, ticket: Ticket, owned: boolean): Context {
  const top = prune(context);
  let isKnown = false;
  let isClean = true;
  for (let at = top; at !== null; at = at.up) {
    isKnown ||= at.ticket === ticket && at.owned === owned;
    isClean &&= !at.ticket.isOver;
  }
  const rest = isClean ? top : rebuilt(top);
  return isKnown ? (rest as Context) : new Context(rest, ticket, owned);
}

function rebuilt(context: Context | null): Context | null {
  const live: Context[] = [];
  for (let at = context; at !== null; at = at.up) {
    if (!at.ticket.isOver) {
      live.push(at);
    }
  }
  return live.reduceRight<Context | null>((up, { ticket, owned }) => new Context(up, ticket, owned), null);
}

export function has(context: Context | null, ticket: Ticket): boolean {
  for (let at = context; at !== null; at = at.up) {
    if (at.ticket === ticket) {
      return true;
    }
  }
  return false;
}

/** What a flow with this context holds now, outermost first. */
export function heldIn(context: Context | null): Ticket[] {
  const held: Ticket[] = [];
  for (let at = context; at !== null; at = at.up) {
    if (at.owned && at.ticket.state === 'held') {
      held.push(at.ticket);
    }
  }
  return held.reverse();
}
