/**
 * Work that is done once, whoever asks for it first. To the checker it is a mutex that is held while the work runs: whoever
 * asks meanwhile waits for it, and the work itself must not.
 */

import { awaitableOf } from '../owner/awaitable.ts';
import type { LockInstance } from '../state/classes.ts';
import { endsByItself } from './asking.ts';
import { type AsyncLockOptions, checkFunction, checkLockOptions, checkWait, type WaitOptions } from './wait-options.ts';
import { WaitQueue } from './wait-queue.ts';
import { Waiter } from './waiter.ts';
import type { Claim, Witness } from './witness.ts';
import { witnessFor } from './witness-for.ts';

export class Once<T> {
  readonly #init: () => T | PromiseLike<T>;
  readonly #name: string | undefined;
  readonly #witness: Witness | null;
  readonly #instance: LockInstance | null;
  readonly #queue = new WaitQueue<Waiter<T>>();
  #runner: Claim | null = null;
  #state: 'idle' | 'running' | 'done' = 'idle';
  #value: T | undefined;

  /**
   * @param init the work; it is done again only where it failed
   * @param name of its class. Default: the place where it is made
   * @throws TypeError for a wrong argument
   */
  constructor(init: () => T | PromiseLike<T>, name?: string, options: AsyncLockOptions = {}) {
    checkFunction('init', init);
    checkLockOptions(name, options);
    const { lockdep, level } = options;
    this.#init = init;
    this.#name = name;
    this.#witness = witnessFor(lockdep);
    const description = { kind: 'mutex', below: Once, ...(level === undefined ? {} : { level }) };
    this.#instance = this.#witness?.lock(name, description) ?? null;
  }

  /** The name that it was given, else that of its class. */
  get name(): string {
    return this.#name ?? this.#instance?.name ?? 'once';
  }

  /** What the checker knows it by; `null` where nothing is checked. */
  get instance(): LockInstance | null {
    return this.#instance;
  }

  get isDone(): boolean {
    return this.#state === 'done';
  }

  /** What the work gave; `undefined` until it is done. */
  get value(): T | undefined {
    return this.#value;
  }

  /** How many wait for the work that runs. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Gives what the work gave, or gives, or starts it now. A failure of the work rejects all who wait for it, and the next
   * call tries again. A timeout, or a signal, ends this wait alone, with a LockTimeoutError or the reason of the signal, and
   * not the work. Also rejects with a DeadlockError where the checker is told to, a LockdepError under its `throw` policy,
   * and a TypeError for a wrong option.
   */
  get(options: WaitOptions = {}): Promise<T> {
    try {
      checkWait(options);
      const claim = this.isDone ? null : this.#ask(options);
      // Whoever was told of a violation may have asked too.
      if (this.#state === 'idle') {
        return this.#start(claim, options);
      }
      if (this.#state === 'running') {
        return this.#wait(claim, options);
      }
      claim?.gaveUp();
      return Promise.resolve(this.#value as T);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #ask(options: WaitOptions): Claim | null {
    const [witness, instance] = [this.#witness, this.#instance];
    const { owner } = options;
    return instance === null || witness === null
      ? null
      : witness.ask(instance, { owner, ends: endsByItself(options), caller: this.get });
  }

  #start(claim: Claim | null, options: WaitOptions): Promise<T> {
    this.#state = 'running';
    this.#runner = claim;
    claim?.granted();
    let result: T | PromiseLike<T>;
    let later: PromiseLike<T> | null;
    try {
      result = claim === null ? this.#init() : claim.run(this.#init);
      later = awaitableOf(result);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    if (later === null) {
      this.#done(result as T);
      return Promise.resolve(result);
    }
    // It waits like all others, since it can give up while the work goes on; but it asked for nothing more.
    const promise = this.#wait(null, options);
    Promise.resolve(later).then(
      (value) => this.#done(value, result),
      (error) => this.#failed(error, result),
    );
    return promise;
  }

  #wait(claim: Claim | null, options: WaitOptions): Promise<T> {
    const waiter = new Waiter<T>(claim);
    this.#queue.add(waiter);
    void claim?.markWork(waiter.promise);
    claim?.blocked((error) => waiter.giveUp(error));
    waiter.arm(options, this.name);
    return waiter.promise;
  }

  #done(value: T, evidence?: unknown): void {
    this.#value = value;
    this.#end('done', evidence, (waiter) => {
      waiter.claim?.granted();
      waiter.claim?.released();
      waiter.succeed(value);
    });
  }

  #failed(error: unknown, evidence?: unknown): void {
    this.#end('idle', evidence, (waiter) => {
      waiter.claim?.gaveUp();
      waiter.fail(error);
    });
  }

  /** Ends the work, and tells those who waited for it. */
  #end(state: 'done' | 'idle', evidence: unknown, tell: (waiter: Waiter<T>) => void): void {
    const runner = this.#runner;
    this.#state = state;
    this.#runner = null;
    // Those alone who asked for this run: whoever asks from here on stands in the queue of the next.
    const waiters = this.#queue.drain();
    try {
      runner?.released(evidence);
    } finally {
      waiters.forEach(tell);
    }
  }
}
