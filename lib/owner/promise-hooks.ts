/**
 * Enters the context of an acquire in the continuation that waits for it, and in that one alone.
 * `await p` creates a promise whose parent is `p` (init), and runs the continuation between its before and after hook. So
 * what arrives with `p` is pushed in before. While no lock is in use nothing but the parent is noted, because a promise that is
 * awaited now may carry a lock later. What fails in the hooks must not reach the program.
 */
import type * as V8 from 'node:v8';
import { arrivals } from './arrivals.ts';
import { ASLEEP, making } from './asleep.ts';
import { Bridge } from './bridge.ts';
import type { Carrier } from './carrier.ts';
import { carrierOf } from './carriers.ts';
import { watchCombinators } from './combinators.ts';
import { prune, push } from './context.ts';
import { Entrance } from './entering.ts';
import { FollowedCheckers } from './followed.ts';
import { Handovers } from './handover.ts';
import { leaveCallback, leaveContinuation, runCallback, runContinuation } from './left.ts';
import { Link, linkNew, linkPlainly, mayCarry, stampOf, unlink } from './links.ts';
import { Realms } from './realms.ts';
import { builtin, reportsPromises } from './runtime.ts';
import { Segment } from './segment.ts';
import type { Context, Ticket } from './ticket.ts';
import { heard } from './unheard.ts';

type Hook = (promise: object, parent?: object) => void;

/** After so many continuations without a lock in use nothing but the parents is noted again. */
const PATIENCE = 1_000;

/** The promises of this process: who waits for whom, and what each flow carries. One for all checkers. */
export class FlowHooks {
  readonly carrier: Carrier<Context> = carrierOf<Context>();
  readonly segment: Segment = new Segment();
  readonly realms: Realms = new Realms();
  /** The checkers that flows are followed for. */
  readonly checkers: FollowedCheckers = new FollowedCheckers();
  readonly #bridge = new Bridge({ left: (resource) => this.#left(resource), runs: runCallback });
  readonly #handovers = new Handovers();
  readonly #entrance = new Entrance(this.carrier);
  readonly #hooks: typeof V8.promiseHooks | undefined = builtin('node:v8')?.promiseHooks;
  /** Locks that are wanted or held, and tasks that run. */
  #uses = 0;
  #isAwake = false;
  #patience = 0;
  #stop: () => void = () => {};
  #restore: (() => void) | undefined;

  /** What the running flow carries. */
  get context(): Context | null {
    return this.#uses === 0 ? null : this.carrier.get();
  }

  /** True where the runtime reports promises. */
  get isOn(): boolean {
    return this.#restore !== undefined;
  }

  /** Begins. @returns false where the runtime does not report promises: then only callbacks are followed */
  start(): boolean {
    if (this.#hooks === undefined || this.isOn) {
      return this.isOn;
    }
    // Entered once before anything else runs: else the first value would leak to other flows.
    this.carrier.run(null, () => {});
    const isTold = reportsPromises();
    if (isTold) {
      this.#restore = watchCombinators(Promise);
      this.#listen();
    }
    return isTold;
  }

  stop(): void {
    this.#stop();
    this.#stop = () => {};
    this.#restore?.();
    this.#restore = undefined;
  }

  /** The running code has got a lock without waiting for it. @param below the function that it called */
  enter(ticket: Ticket, below: unknown): void {
    if (this.isOn) {
      this.#entrance.enter(ticket, below);
      ticket.activation = this.segment.activation;
    }
  }

  /** A lock is wanted, or a task begins. */
  use(): void {
    if (this.#uses++ === 0 && !this.#isAwake) {
      this.#isAwake = true;
      this.#bridge.start();
      this.#listen();
    }
  }

  /** No more. */
  unuse(): void {
    this.#uses--;
    this.#patience = PATIENCE;
  }

  #listen(): void {
    if (this.isOn) {
      this.#stop();
      this.#stop = this.#hooks?.createHook((this.#isAwake ? this.#awake : ASLEEP) as never) as () => void;
    }
  }

  #sleep(): void {
    this.#isAwake = false;
    this.carrier.rest();
    this.#bridge.stop();
    this.#listen();
  }

  readonly #awake: Record<string, Hook> = this.#awakeHooks();

  #awakeHooks(): Record<string, Hook> {
    const { carrier } = this;
    const hooks: Record<string, Hook> = {
      init: this.#quietly((promise, parent) => this.#made(promise, parent)),
      before: this.#quietly((promise) => this.#begin(promise)),
      settled: this.#quietly((promise) => this.#settled(promise)),
    };
    return carrier.needsAfter ? { ...hooks, after: this.#quietly(() => carrier.end()) } : hooks;
  }

  #quietly(work: Hook): Hook {
    return (promise, parent) => {
      try {
        work(promise, parent);
      } catch (error) {
        this.checkers.failed(error);
      }
    };
  }

  #made(promise: object, parent: object | undefined): void {
    if (heard(parent)) {
      return;
    }
    if (parent === undefined) {
      making.latest = promise;
    }
    const carried = this.#uses === 0 ? null : this.carrier.get();
    const context = this.#entrance.contextOf(parent) ?? (carried?.ticket?.isOver ? prune(carried) : carried);
    if (context === null) {
      if (parent !== undefined) {
        linkPlainly(promise, parent);
      }
      return;
    }
    this.realms.see(promise);
    const made = linkNew(promise, parent, context);
    this.segment.made(promise, parent, made);
    if (parent !== undefined) {
      leaveContinuation(context, made);
      this.#entrance.made(promise, context);
    }
  }

  #left(resource: object): void {
    const context = this.context;
    this.carrier.leave(resource);
    if (context !== null) {
      leaveCallback(context, resource);
    }
  }

  #begin(promise: object): void {
    this.#entrance.begin();
    making.latest = null;
    const to = stampOf(promise);
    const link = to instanceof Link ? to : undefined;
    const base = link === undefined ? null : link.base;
    this.carrier.begin(promise, base);
    if (this.#uses === 0) {
      this.segment.end();
      if (--this.#patience < 0) {
        this.#sleep();
      }
      return;
    }
    if (!this.#handovers.isEmpty) {
      this.segment.end(true);
      this.#handovers.turn();
    }
    const awaited = link === undefined ? to : link.parent;
    const isCarried = awaited !== undefined && mayCarry(awaited);
    // A flow that has to do with no lock, after another one: nothing has changed.
    if (link === undefined && !isCarried && this.segment.isUnused) {
      return;
    }
    if (link !== undefined) {
      runContinuation(link);
    }
    this.segment.begin(promise, link?.resumes, awaited);
    const context = isCarried ? this.#arrive(awaited, base) : base;
    if (context !== base) {
      this.carrier.enter(context);
    }
  }

  #arrive(awaited: object, base: Context | null): Context | null {
    let context = base;
    for (const { ticket, owned, via } of arrivals(awaited)) {
      if (ticket.undecided === 0 && !(owned && ticket.state === 'held')) {
        continue;
      }
      const after = push(context, ticket, owned, via);
      if (after !== context && owned) {
        ticket.activation = this.segment.adopt();
      }
      context = after;
    }
    return context;
  }

  #settled(promise: object): void {
    if (this.#uses > 0) {
      const to = stampOf(promise);
      if (to instanceof Link) {
        // Also where nothing ran: it may have been resolved when it was made.
        runContinuation(to);
        to.hearing?.settled();
        if (to.acquired?.state === 'waiting' && !to.acquired.isToldLate) {
          to.acquired.tickets.live.gaveUp(to.acquired);
        }
      }
      const context = this.carrier.get();
      if (context !== null) {
        this.#settledBy(context, promise);
      }
    }
    unlink(promise);
  }

  #settledBy(context: Context, promise: object): void {
    this.#handovers.settled(context, promise, this.segment.isRunning(promise));
    this.segment.settled(promise);
    this.#entrance.settled();
  }
}

/** Those of this copy of the package. */
export const flowHooks: FlowHooks = new FlowHooks();
