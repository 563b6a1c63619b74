/**
 * So many equal units, handed out strictly first come first served, one owner to the next. Every lock of this folder is one:
 * a mutex has one unit, a semaphore as many as it was given, a read-write lock as many as there can be readers, and a writer
 * takes them all. Nobody overtakes: who comes while somebody waits waits behind, even where its own request could be met.
 *
 * Units change hands, and waiters leave the queue, before anybody outside is told: whoever is told may call in again.
 * A free lock costs a guard, and a promise where it is asked for by `acquire`.
 */
import type { LockInstance } from '../state/classes.ts';
import { endsByItself } from './asking.ts';
import { type Candidate, LockWaiter } from './candidate.ts';
import { Holding, type Source } from './guard.ts';
import {
  type AsyncLockOptions,
  checkFunction,
  checkTry,
  checkWait,
  type TryOptions,
  type WaitOptions,
} from './wait-options.ts';
import { WaitQueue } from './wait-queue.ts';
import type { Claim, LockDescription, Witness } from './witness.ts';
import { witnessFor } from './witness-for.ts';
import { workUnder } from './work.ts';

/** What is asked for, and what is handed out for it. */
export interface Access<Held extends Holding = Holding> {
  readonly units: number;
  readonly mode: 'exclusive' | 'shared';
  /** The public method that was called. */
  readonly caller: unknown;
  /** Whether the guard is handed to the program. */
  readonly handsOut: boolean;
  /** The guard that is upgraded: it goes before all others. */
  readonly from?: Holding;
  /** What it has in common with others that are taken together. */
  readonly together?: object;
  guard(lock: FairLock, units: number, claim: Claim | null): Held;
}

/** What a lock is made of. */
export interface FairLockDescription extends LockDescription {
  /** Units there are. @default 1 */
  readonly total?: number;
  /** Called whenever nobody holds it, or waits for it, any more. */
  readonly onIdle?: () => void;
  /** What the checker knows it by already. */
  readonly instance?: LockInstance;
}

const NO_OPTIONS: WaitOptions = {};
let made = 0;

export class FairLock implements Source {
  /** Its place among all locks of the process in the order in which they were made. */
  readonly order: number = made++;
  readonly level: number;
  readonly capacity: number;
  readonly instance: LockInstance | null;
  readonly witness: Witness | null;
  readonly total: number;
  readonly #name: string | undefined;
  readonly #kind: string;
  readonly #onIdle: (() => void) | undefined;
  readonly queue: WaitQueue<Candidate> = new WaitQueue();
  #free: number;

  constructor(name: string | undefined, options: AsyncLockOptions, description: FairLockDescription) {
    const { total, onIdle, instance, ...known } = description;
    const { kind, capacity = 1 } = known;
    this.#name = name;
    this.#kind = kind;
    this.#onIdle = onIdle;
    this.capacity = capacity;
    this.total = total ?? capacity;
    this.#free = this.total;
    this.level = options.level ?? Number.POSITIVE_INFINITY;
    this.witness = witnessFor(options.lockdep);
    const level = options.level === undefined ? {} : { level: options.level };
    this.instance = instance ?? this.witness?.lock(name, { ...known, ...level }) ?? null;
  }

  get name(): string {
    return this.#name ?? this.instance?.name ?? this.#kind;
  }

  get free(): number {
    return this.#free;
  }

  get waiting(): number {
    return this.queue.size;
  }

  get isIdle(): boolean {
    return this.#free === this.total && this.queue.size === 0;
  }

  /** Who waits to upgrade its guard. */
  get upgrading(): Candidate | null {
    const { first } = this.queue;
    return first !== null && first.from !== null ? first : null;
  }

  acquire<Held extends Holding>(access: Access<Held>, options?: WaitOptions): Promise<Held> {
    try {
      const got = this.enter(access, options);
      const promise = got instanceof Holding ? Promise.resolve(got) : got.promise;
      return got.claim === null ? promise : got.claim.mark(promise);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  tryAcquire<Held extends Holding>(access: Access<Held>, options: TryOptions = NO_OPTIONS): Held | null {
    checkTry(options);
    if (!this.#isFreeFor(access)) {
      return null;
    }
    const claim = this.#ask(access, options, true);
    // Whoever was told of a violation may have taken it.
    if (!this.#isFreeFor(access)) {
      claim?.gaveUp();
      return null;
    }
    return this.#grant(access, claim);
  }

  /** Runs work under the lock; at once where it is free. */
  run<R>(access: Access, work: () => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    try {
      checkFunction('fn', work);
      const got = this.enter(access, options);
      if (got.claim === null) {
        return workUnder(got instanceof Holding ? got : got.promise, work);
      }
      const { claim } = got;
      return claim.markWork(workUnder(got instanceof Holding ? got : claim.mark(got.promise), work));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The guard where the lock is free, else who waits for it. */
  enter<Held extends Holding>(access: Access<Held>, options: WaitOptions = NO_OPTIONS): Held | LockWaiter<Held> {
    checkWait(options);
    const claim = this.#ask(access, options, false);
    if (this.#isFreeFor(access)) {
      return this.#grant(access, claim);
    }
    const waiter = new LockWaiter<Held>({
      units: access.units,
      claim,
      from: access.from ?? null,
      guard: () => guardOf(this, access, claim),
      serve: () => this.serve(),
    });
    this.#enqueue(waiter);
    waiter.arm(options, this.name);
    return waiter;
  }

  /** Asks again for what was given back. It cannot be refused: whoever asks goes on with it in any case. */
  askAgain(caller: unknown, { owner }: WaitOptions): Claim | null {
    return this.instance === null ? null : (this.witness?.ask(this.instance, { owner, caller }) ?? null);
  }

  /** Gives its units to somebody who asked before, or lets it wait for them. */
  admit(candidate: Candidate): void {
    if (candidate.units <= this.#free && this.queue.size === 0) {
      this.#take(candidate);
      candidate.admit();
    } else {
      this.#enqueue(candidate);
    }
  }

  give(units: number): void {
    this.#free += units;
    this.serve();
  }

  /** Hands out what is free to those who are first. */
  serve(): void {
    for (let next = this.queue.first; next !== null && next.units <= this.#free; next = this.queue.first) {
      this.queue.remove(next);
      this.#take(next);
      next.admit();
    }
    if (this.isIdle) {
      this.#onIdle?.();
    }
  }

  #isFreeFor({ units, from }: Access): boolean {
    return units <= this.#free && (this.queue.size === 0 || from !== undefined);
  }

  #ask({ units, mode, caller, from, together }: Access, options: WaitOptions, isTry: boolean): Claim | null {
    const { instance, witness } = this;
    if (witness === null || instance === null) {
      return null;
    }
    const claim = witness.ask(instance, {
      mode,
      units: Math.min(units, this.capacity),
      try: isTry,
      owner: options.owner,
      ends: endsByItself(options),
      caller,
      together,
      upgrades: from?.claim ?? undefined,
    });
    // Whoever was told of a violation may have released what was to be upgraded.
    if (from?.isReleased) {
      claim.gaveUp();
      throw new Error(`upgrade of '${this.name}': its read guard was released meanwhile`);
    }
    return claim;
  }

  #enqueue(candidate: Candidate): void {
    if (candidate.from === null) {
      this.queue.add(candidate);
    } else {
      this.queue.addFirst(candidate);
    }
    candidate.claim?.blocked(candidate.isRefusable ? (error) => candidate.giveUp(error) : undefined);
  }

  #grant<Held extends Holding>(access: Access<Held>, claim: Claim | null): Held {
    this.#take({ units: access.units, claim });
    return guardOf(this, access, claim);
  }

  #take({ units, claim }: Pick<Candidate, 'units' | 'claim'>): void {
    this.#free -= units;
    claim?.granted();
  }
}

function guardOf<Held extends Holding>(lock: FairLock, access: Access<Held>, claim: Claim | null): Held {
  const guard = access.guard(lock, access.units, claim);
  if (access.handsOut) {
    claim?.attach(guard);
  }
  return guard;
}
