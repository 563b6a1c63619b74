/**
 * A read-write lock: many readers or one writer, first come first served. Readers that come while a writer waits wait
 * behind it, so that writers do not starve; readers that stand in a row are let in together. Not re-entrant, and a reader
 * that asks for a second read lock can wait for ever behind a writer.
 */
import { AsyncLock } from './async-lock.ts';
import { type Access, FairLock } from './fair-lock.ts';
import { ALL_READERS, type ReadGuard, ReadHolding, type WriteGuard, WriteHolding } from './rw-guard.ts';
import { type AsyncLockOptions, checkLockOptions, type TryOptions, type WaitOptions } from './wait-options.ts';

export class RwLock extends AsyncLock {
  readonly #lock: FairLock;

  /**
   * @param name of its class: locks of one name obey the same rules. Default: the place where it is made
   * @throws TypeError for a wrong name or option
   */
  constructor(name?: string, options: AsyncLockOptions = {}) {
    checkLockOptions(name, options);
    const lock = new FairLock(name, options, { kind: 'rwsem', total: ALL_READERS, below: RwLock });
    super(lock, RUN_WRITE);
    this.#lock = lock;
  }

  /** How many readers hold it. */
  get readers(): number {
    return this.isWriteLocked ? 0 : ALL_READERS - this.#lock.free;
  }

  get isWriteLocked(): boolean {
    return this.#lock.free === 0;
  }

  /** Takes it for reading, at once where nobody writes or waits. Rejects like `acquire` of a mutex. */
  read(options?: WaitOptions): Promise<ReadGuard> {
    return this.#lock.acquire(READ, options);
  }

  /** Takes it for writing, at once where it is free. Rejects like `acquire` of a mutex. */
  write(options?: WaitOptions): Promise<WriteGuard> {
    return this.#lock.acquire(WRITE, options);
  }

  /**
   * Takes it for reading if nobody writes or waits, else gives `null`.
   * @throws LockdepError under the `throw` policy: it was not taken
   */
  tryRead(options?: TryOptions): ReadGuard | null {
    return this.#lock.tryAcquire(TRY_READ, options);
  }

  /**
   * Takes it for writing if it is free, else gives `null`.
   * @throws LockdepError under the `throw` policy: it was not taken
   */
  tryWrite(options?: TryOptions): WriteGuard | null {
    return this.#lock.tryAcquire(TRY_WRITE, options);
  }

  /** Runs `fn` while it is held for reading, as `run` of a mutex does. */
  runRead<R>(fn: () => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    return this.#lock.run(RUN_READ, fn, options);
  }

  /** Runs `fn` while it is held for writing, as `run` of a mutex does. */
  runWrite<R>(fn: () => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    return this.#lock.run(RUN_WRITE, fn, options);
  }

  /**
   * Claims that the running flow holds it for writing. Passes where nothing is checked.
   * @throws LockdepError under the `throw` policy, if it does not
   */
  assertHeldExclusive(): void {
    this.assertMode('exclusive', this.assertHeldExclusive);
  }

  /**
   * Claims that the running flow holds it for reading. Passes where nothing is checked.
   * @throws LockdepError under the `throw` policy, if it does not
   */
  assertHeldShared(): void {
    this.assertMode('shared', this.assertHeldShared);
  }
}

const SHARED = {
  units: 1,
  mode: 'shared',
  guard: (lock: FairLock, units: number, claim: ReadHolding['claim']) => new ReadHolding(lock, units, claim),
} as const;
const EXCLUSIVE = {
  units: ALL_READERS,
  mode: 'exclusive',
  guard: (lock: FairLock, units: number, claim: WriteHolding['claim']) => new WriteHolding(lock, units, claim),
} as const;

const READ: Access<ReadHolding> = { ...SHARED, caller: RwLock.prototype.read, handsOut: true };
const TRY_READ: Access<ReadHolding> = { ...SHARED, caller: RwLock.prototype.tryRead, handsOut: true };
const RUN_READ: Access<ReadHolding> = { ...SHARED, caller: RwLock.prototype.runRead, handsOut: false };
const WRITE: Access<WriteHolding> = { ...EXCLUSIVE, caller: RwLock.prototype.write, handsOut: true };
const TRY_WRITE: Access<WriteHolding> = { ...EXCLUSIVE, caller: RwLock.prototype.tryWrite, handsOut: true };
const RUN_WRITE: Access<WriteHolding> = { ...EXCLUSIVE, caller: RwLock.prototype.runWrite, handsOut: false };
