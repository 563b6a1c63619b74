/**
 * One acquire of an async flow, from the request to the release, and the list of them that a flow carries.
 */
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { ChainNode } from '../state/chains.ts';
import type { LockClass, LockInstance } from '../state/classes.ts';
import { type HeldLock, takenAt } from '../state/held.ts';
import type { ContendedAcquire } from '../state/profile.ts';
import type { RawSite } from '../state/site.ts';
import type { Activation } from './activation.ts';

/** All tickets of one lock that wait or are held. */
export interface Tickets {
  readonly lock: LockInstance;
  /** The chain of a flow that holds nothing. */
  readonly root: ChainNode;
  /** True where units come and go without owners, as those of a counter do: who holds them says nothing. */
  isUnowned: boolean;
  /** True where whoever waits longer comes first. */
  isFair: boolean;
  /** What was granted last. */
  readonly latest: Ticket | null;
  /** Who holds it, the oldest request first. */
  readonly held: readonly Ticket[];
  /** The first of those. */
  readonly oldestHeld: Ticket | null;
  /** Who waits for it, the oldest request first. */
  readonly waiting: readonly Ticket[];
  readonly live: LiveTickets;
  grant(ticket: Ticket): void;
  remove(ticket: Ticket, wasHeld: boolean): void;
}

/** All tickets of a checker that wait or are held. */
export interface LiveTickets {
  readonly count: number;
  readonly waiting: readonly Ticket[];
  /** Those that are held by somebody. */
  readonly held: readonly Ticket[];
  /** Called when a wait ended by itself, without the lock. */
  gaveUp: (ticket: Ticket) => void;
}

export type TicketState = 'waiting' | 'held' | 'released' | 'cancelled';

/** How a lock is asked for. */
export interface RequestOptions {
  /** @default 'exclusive' */
  readonly mode?: Mode | undefined;
  /** @default 1 */
  readonly units?: number | undefined;
  /** True for an acquire that gives up at once instead of waiting. @default false */
  readonly try?: boolean | undefined;
  /** True for a wait that ends by itself. @default false */
  readonly ends?: boolean | undefined;
  /** The owner, where it says so itself. */
  readonly owner?: OwnerRef | undefined;
  /** True for a reader that asks to become the writer. @default false */
  readonly isUpgrade?: boolean | undefined;
  readonly together?: object | undefined;
  /** True for a lock that ends by itself, so that nobody has to give it back. @default false */
  readonly leased?: boolean | undefined;
  /** Where it is asked for. Default: found out where it matters, above the call of `below`. */
  readonly site?: RawSite | undefined;
  readonly below?: unknown;
}

/** Where and when a flow asks. */
export interface Asking {
  readonly tickets: Tickets;
  /** What the flow had when it asked. */
  readonly base: Context | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** A continuation, or a callback, that is to run later. */
export interface Left {
  hasRun: boolean;
  /** What a continuation waits for. */
  readonly parent?: object | undefined;
}

let requests = 0;

export class Ticket implements HeldLock {
  readonly tickets: Tickets;
  /** The flow that asks. */
  asker: OwnerRef;
  /** The flow that holds it: another one where a task of its own begins with the grant. */
  owner: OwnerRef;
  mode: Mode;
  /** Units that it still holds: a counting resource may be given back in parts. */
  units: number;
  readonly try: boolean;
  /** Where it was asked for; `null` where that is known from the first time the step was taken. */
  site: RawSite | null;
  /** What the flow had when it asked, until it is over. */
  base: Context | null;
  /** Milliseconds since the epoch: when it was asked for. */
  readonly since: number;
  /** Its place among all requests. */
  readonly order: number = requests++;
  /** Replaced when the lock is granted. */
  chain: ChainNode;
  state: TicketState = 'waiting';
  /** True once a wait that did not end was judged. */
  judged = false;
  /** What was granted while this one was held, as far as it is new and not decided yet. */
  inner: Nesting[] | null = null;
  /** Number of nestings, as the inner one, that are not decided yet. Flows remember the ticket until then. */
  undecided = 0;
  /** The async function that got it and gives it back, as far as that is known. */
  activation: Activation | null = null;
  /** The promise that was being made when it was asked for, by a function that takes a callback. */
  within: WeakRef<object> | null = null;
  /** The work that ends with its release, where there is one. */
  work: object | null = null;
  /** True where an owner asks who says so himself. */
  readonly isExplicit: boolean;
  /** True for a wait that ends by itself: it has a time-out, or a signal. */
  readonly ends: boolean;
  /** Lets a wait end with an error, where the lock can do that. */
  reject: ((error: Error) => void) | null = null;
  /** True for a reader that asks to become the writer. */
  readonly isUpgrade: boolean;
  /** What it has in common with others that are asked for together, in an order that everybody keeps. */
  readonly together: object | null;
  /** True for a lock that ends by itself. */
  readonly leased: boolean;
  /** The ticket by which its holder asks for more of the lock in its place. */
  upgrade: Ticket | null = null;
  /** What its flow has left behind since then, and has not run yet. */
  pending: Set<Left> | null = null;
  /** What was handed out for it, until it is known to be kept for long. */
  guard: object | null = null;
  /** When it turned out that it has to wait, by the clock of the profile; below 0 where it does not. */
  blockedAt = -1;
  /** Who held the lock then. */
  waitsFor: ContendedAcquire['holder'] = null;
  /** When it was granted, by the same clock; below 0 where holds are not timed. */
  heldAt = -1;
  /** True once it is known that the lock was not free. */
  isBlocked = false;
  /** True where its grant is told when the promise of the request has settled, not before. */
  isToldLate = false;
  /** True once anybody waits for the promise of such a request. */
  isHeard = false;
  /** True once it was reported that nobody will release it. */
  isLost = false;
  /** Its neighbours among the tickets of the lock. */
  previous: Ticket | null = null;
  next: Ticket | null = null;

  constructor({ tickets, base, since }: Asking, options: RequestOptions) {
    const { owner } = options;
    this.tickets = tickets;
    this.base = base;
    this.since = since;
    this.chain = tickets.root;
    this.mode = options.mode ?? 'exclusive';
    this.units = options.units ?? 1;
    this.try = options.try ?? false;
    this.ends = options.ends ?? false;
    this.site = options.site ?? null;
    this.isUpgrade = options.isUpgrade ?? false;
    this.together = options.together ?? null;
    this.leased = options.leased ?? false;
    this.isExplicit = owner !== undefined;
    this.asker = owner ?? NOBODY;
    this.owner = this.asker;
  }

  get lock(): LockInstance {
    return this.tickets.lock;
  }

  get class(): LockClass {
    return this.tickets.lock.class;
  }

  /** Where it was asked for, at this time or the first time that the step was taken. */
  get place(): RawSite | null {
    return takenAt(this);
  }

  get acquire(): object {
    return this;
  }

  get isOver(): boolean {
    return this.undecided === 0 && (this.state === 'released' || this.state === 'cancelled');
  }
}

const NOBODY: OwnerRef = { id: 0, name: 'nobody' };

/** A lock granted to a flow that holds others. */
export interface Nesting {
  readonly ticket: Ticket;
  /** What the flow held then, outermost first. */
  readonly held: readonly Ticket[];
  /** True for more of what the outer one holds, false for a dependency on it. */
  readonly inSameLock: boolean;
}

/** How a ticket came to a flow that did not ask for it. Taken back where it turns out that it went to another one. */
export interface Handover {
  isRevoked: boolean;
}

/** A link of the list: a ticket, or a task. */
export class Context {
  readonly up: Context | null;
  readonly ticket: Ticket | null;
  /** The task that runs from here on; `null` for a ticket. */
  readonly task: OwnerRef | null;
  readonly via: Handover | null;
  readonly #isOwned: boolean;

  constructor(
    up: Context | null,
    ticket: Ticket | null,
    how: { owned: boolean; via?: Handover | null; task?: OwnerRef },
  ) {
    this.up = up;
    this.ticket = ticket;
    this.task = how.task ?? null;
    this.#isOwned = how.owned;
    this.via = how.via ?? null;
  }

  /** False where the flow only knows of the acquire: another flow owns it. */
  get owned(): boolean {
    return this.#isOwned && this.via?.isRevoked !== true;
  }
}
