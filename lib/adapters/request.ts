/**
 * One request of a lock, as adapters tell of it: from the call that asks to the release.
 */
import type { RequestOptions, Ticket, TicketState } from '../owner/ticket.ts';
import type { FlowTracker } from '../owner/tracker.ts';
import type { LateUse } from '../rules/lease-expired.ts';
import type { LockInstance } from '../state/classes.ts';
import { captureSite } from '../state/site.ts';
import { bound } from './bound.ts';
import { type Call, whenDone } from './calls.ts';
import { type GrantOptions, hear } from './promised.ts';

/** How a lock is asked for. */
export type RequestDescription = Omit<RequestOptions, 'owner'>;

export class LockRequest {
  readonly #tracker: FlowTracker;
  readonly #ticket: Ticket;
  #expiredAt: number | null = null;

  constructor(tracker: FlowTracker, lock: LockInstance, description: RequestDescription) {
    this.#tracker = tracker;
    this.#ticket = tracker.request(lock, description);
  }

  get lock(): LockInstance {
    return this.#ticket.lock;
  }

  /** `waiting`, then `held` and `released`; `cancelled` where it was never granted. What comes out of turn is passed over. */
  get state(): TicketState {
    return this.#ticket.state;
  }

  /** The lock is not free: the flow waits. @param isFair whether whoever waits longer comes first */
  blocked(isFair = false): void {
    this.#tracker.blocked(this.#ticket, isFair);
  }

  /**
   * The lock was given to the flow that asked.
   * @param task the function that runs as a flow of its own while the lock is held, where there is one
   */
  granted(task?: { readonly name: string }): void {
    this.#tracker.granted(this.#ticket, task);
  }

  /** The lock was given to the running code, which did not wait: it owns the lock from here on. @param below the function that it called */
  entered(below: unknown): void {
    this.granted();
    this.#tracker.enter(this.#ticket, below);
  }

  /** The lock was given to a request that had been given up, and is lost: nobody knows that he should release it. */
  grantedToNobody(): void {
    this.#tracker.grantedToNobody(this.#ticket);
  }

  /** The wait ended by itself, without the lock: it timed out. */
  gaveUp(): void {
    this.#tracker.gaveUp(this.#ticket);
  }

  /** The request was taken back by the program, or never made because the call failed: it says nothing. */
  withdrawn(): void {
    this.#tracker.withdrawn(this.#ticket);
  }

  /** The lock was given back. @param evidence the promise that ended the work under the lock, where there is one */
  released(evidence?: unknown): void {
    this.#tracker.released(this.#ticket, evidence);
  }

  /** The lease of the lock has run out: it is held no more, and anybody's. */
  expired(): void {
    this.#expiredAt ??= Date.now();
    this.released();
  }

  /** True once the lease has run out while the lock was held. */
  get hasExpired(): boolean {
    return this.#expiredAt !== null;
  }

  /** The program did something as the holder, at the call of `below`, after the lease had run out. */
  late(act: LateUse['act'] & string, below: unknown): void {
    if (this.#expiredAt !== null) {
      this.#tracker.late(this.#ticket, { act, site: captureSite(below), expiredForMs: Date.now() - this.#expiredAt });
    }
  }

  /** Whoever waits for this promise, and nobody else, owns the lock. @returns the promise */
  owns<Result>(promise: Result): Result {
    return this.#tracker.mark(promise, this.#ticket);
  }

  /** Whoever goes on after this promise has seen the lock granted, and does not own it. @returns the promise */
  seen<Result>(promise: Result): Result {
    return this.#tracker.markSeen(promise, this.#ticket);
  }

  /**
   * The fulfilment of this promise is the grant, its rejection the end of the wait; whoever waits for it owns the lock. For libraries that
   * do not let us see the grant itself. Nothing changes for the program: not even a rejection that nobody handles.
   * @returns the promise
   */
  grantedBy<Result>(promise: Result, options: GrantOptions = {}): Result {
    this.#ticket.isToldLate = true;
    hear(this.#tracker, promise, {
      fulfilled: (value) => (options.granted?.(value) === false ? this.withdrawn() : this.granted()),
      rejected: (error) => (options.failed?.(error) === false ? this.withdrawn() : this.gaveUp()),
      heard: () => {
        this.#ticket.isHeard = true;
      },
    });
    return this.owns(promise);
  }

  /**
   * The request is over when this promise has settled, if it is not before: released if it was granted, else given up. Whoever goes on
   * after it has seen the lock granted, and does not own it. Nothing changes for the program, as with `grantedBy`.
   * @returns the promise
   */
  endsWith<Result>(promise: Result): Result {
    const end = (): void => {
      this.gaveUp();
      this.released(promise);
    };
    hear(this.#tracker, promise, { fulfilled: end, rejected: end, unheard: end });
    return this.seen(promise);
  }

  /** Runs a callback as the owner of the lock, whoever's context it is called in. */
  run<Result>(work: () => Result): Result {
    return this.#tracker.run(this.#ticket, work);
  }

  /** A callback that is called later, in whoever's context: it goes on as the running flow, and has seen the lock granted. */
  after<Callback extends Call>(callback: Callback): Callback {
    return bound(callback, this.#ticket);
  }

  /**
   * The lock was given to this work, and is released when it is over.
   * @param task the function that runs as a flow of its own, where it is one
   * @returns what to hand on in its place to a promise that adopts it
   */
  hold<Result>(work: () => Result, task?: { readonly name: string }): Result {
    this.granted(task);
    return this.run(() => whenDone(work, (evidence) => this.released(evidence)));
  }

  /** Somebody holds this object for the lock: if it is lost, so is the lock. */
  kept(guard: object): void {
    this.#tracker.attach(this.#ticket, guard);
  }
}
