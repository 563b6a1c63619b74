/**
 * A spinlock with a contract, as SPDK's `spdk_spinlock`:
 * 1. initialise it before its first use: `init()`;
 * 2. take it as a known owner only: in `owner.run()`, or with the option `owner`. A thread is no owner here;
 * 3. give it back before the poller or message function returns: the checker sees it where the owner leaves a context
 *    (`owner.exit('poller')`) that is defined with `interrupts: false`;
 * 4. hold it over no message that is waited for: `owner.sendSync(other)`;
 * 5. `destroy()` it when it is done with.
 * Whatever breaks the contract is a mistake of the program, and aborts it unless told otherwise: `onError`. Where nothing is checked,
 * owners are not known; the states of the lock, a second lock by its thread and an unlock by another one are still looked at.
 * Costs a few loads more than a `RawSpinLock`.
 */
import { checkObject } from '../../options.ts';
import type { Owner } from '../../owner.ts';
import { LIFETIME_RULES, UNOWNED_RULES } from '../../rules/index.ts';
import type { LifeEvent } from '../../rules/lifetime.ts';
import type { Lifetime } from '../../state/classes.ts';
import { captureSite } from '../../state/site.ts';
import {
  type LockingOptions,
  type LockMaking,
  type RebuildOptions,
  rebuild,
  type SharedLockOptions,
} from './base/shared-lock.ts';
import type { Asking } from './base/thread-witness.ts';
import type { SharedLockHandle } from './memory/handle.ts';
import { bytesOf, type LockType } from './memory/memory.ts';
import {
  abort,
  checkOnError,
  isBreach,
  type OnOwnedError,
  type OwnedErrors,
  OwnedLockError,
  ownedErrorsOf,
} from './owned-errors.ts';
import { beginLife, endLife, LIVING_WORDS, lifeIn, tellLife } from './owned-life.ts';
import { SpinningLock } from './spin-lock.ts';

const TYPE: LockType = { code: 13, name: 'OwnedLock', words: LIVING_WORDS };
const SOMEBODY = { id: 0, name: 'somebody' };

export interface OwnedLockOptions extends SharedLockOptions {
  /** What is done about an error. Locks of one class do what the first of them does at the end of a poller. @default 'abort' */
  readonly onError?: OnOwnedError;
}

/** What a thread that rebuilds a lock can say of it. A function for `onError` is said anew: no thread can send one. */
export type OwnedRebuildOptions = RebuildOptions & Pick<OwnedLockOptions, 'onError'>;

export class OwnedLock extends SpinningLock {
  /** Bytes that it takes in a buffer. */
  static readonly BYTES: number = bytesOf(TYPE);
  readonly #onError: OnOwnedError;
  readonly #errors: OwnedErrors | null;

  /**
   * @param name of its class; by default the place where it is made
   * @throws TypeError if `onError` is nothing to do about an error
   */
  constructor(name?: string, options: OwnedLockOptions = {}) {
    super(name, options, making(options, new.target));
    const { onError = 'abort' } = options;
    const { witness, instance } = this;
    this.#onError = onError;
    this.#errors = witness === null ? null : ownedErrorsOf(witness.lockdep);
    this.#errors?.choose(instance?.class.ref.key ?? '', onError);
  }

  /** The lock that was posted here. @throws TypeError if it is no handle of an OwnedLock, or of another process or version */
  static from(handle: SharedLockHandle, options?: OwnedRebuildOptions): OwnedLock {
    return rebuild(OwnedLock, TYPE, { handle, options });
  }

  /** What it is fit for, in the eyes of all threads. */
  get lifetime(): Lifetime {
    return lifeIn(this.words);
  }

  /** Makes it ready for use, for the first time or again. It must not be held. @throws OwnedLockError if it is */
  init(options?: LockingOptions): void {
    const owner = this.ownerOf(options);
    this.#begin();
    if (this.holderSlot() !== 0) {
      this.#refuse('held-reinit', 'it is initialised while it is held', { act: 'init', owner, caller: this.init });
    }
    beginLife(this.words);
    this.#begin();
  }

  /** Ends its use. It must be ready, and not held. @throws OwnedLockError if it is not */
  destroy(options?: LockingOptions): void {
    const owner = this.ownerOf(options);
    const caller = this.destroy;
    this.#begin();
    this.#mustBeReady({ act: 'destroy', owner, caller });
    if (this.holderSlot() !== 0) {
      this.#refuse('held-destroy', 'it is destroyed while it is held', { act: 'destroy', owner, caller });
    }
    const { witness, words } = this;
    const site = witness?.siteId(captureSite(caller).resolve(witness.lockdep.state.resolver)) ?? 0;
    endLife(words, site);
    this.#begin();
  }

  /** True if the running owner of this thread holds it; false where no owner is known. Where nothing is checked: if this thread does. */
  override held(options?: LockingOptions): boolean {
    const owner = this.ownerOf(options);
    return (this.witness === null || owner !== null) && this.isHeldBy(owner);
  }

  /** Fails with `assert-held` unless the running owner holds it. @throws OwnedLockError where no owner is known */
  override assertHeld(options?: LockingOptions): void {
    this.#begin();
    this.#mustBeOwned(this.ownerOf(options), this.assertHeld, 'taken');
    super.assertHeld(options);
  }

  protected override ownerOf(options?: LockingOptions): Owner | null {
    if (options?.owner !== undefined) {
      return super.ownerOf(options);
    }
    if (options !== undefined) {
      checkObject('options', options);
    }
    return this.witness?.lockdep.running ?? null;
  }

  protected override acquire(owner: Owner | null, asking: Asking, timeout?: number): boolean {
    this.#mustBeFree(owner, asking.caller);
    try {
      return super.acquire(owner, asking, timeout);
    } catch (error) {
      throw this.#answered(error);
    }
  }

  protected override tryAcquire(owner: Owner | null, caller: (...args: never) => unknown): boolean {
    this.#mustBeFree(owner, caller);
    return super.tryAcquire(owner, caller);
  }

  protected override inherit(dead: number, owner: Owner | null, asking: Asking): boolean {
    this.#mustBeFree(owner, asking.caller);
    return super.inherit(dead, owner, asking);
  }

  protected override release(owner: Owner | null, asking: Asking): void {
    this.#begin();
    this.#mustBeOwned(owner, asking.caller, 'released');
    try {
      super.release(owner, asking);
    } catch (error) {
      throw this.#answered(error);
    }
  }

  // What somebody else may take: an owner that is known, of a lock that is ready.
  #mustBeFree(owner: Owner | null, caller: unknown): void {
    this.#begin();
    this.#mustBeOwned(owner, caller, 'taken');
    this.#mustBeReady({ act: 'acquire', owner, caller });
  }

  #mustBeReady(use: Use): void {
    const { lifetime } = this;
    if (lifetime === 'ready') {
      return;
    }
    if (lifetime === 'destroyed') {
      this.#refuse('use-after-destroy', 'it was destroyed; initialise it again with init(), or use another one', use);
    }
    this.#refuse('uninitialised', 'it was never initialised; call init() before its first use', use);
  }

  #mustBeOwned(owner: Owner | null, caller: unknown, act: 'taken' | 'released'): void {
    const { witness, instance } = this;
    if (witness === null || instance === null || owner !== null) {
      return;
    }
    const { lockdep } = witness;
    this.#judge(() => lockdep.judge(UNOWNED_RULES, { lock: instance, act, site: captureSite(caller) }));
    this.#fail('no-owner', `it is ${act} where no owner is known; do so in owner.run(), or say who: { owner }`);
  }

  #refuse(rule: OwnedLockError['rule'], what: string, { act, owner, caller }: Use): never {
    const { witness, instance } = this;
    if (witness !== null && instance !== null) {
      const { lockdep } = witness;
      const who = { owner: owner ?? SOMEBODY, held: owner?.entries() ?? [], holder: lockdep.holdersOf(instance)[0] };
      this.#judge(() => lockdep.judge(LIFETIME_RULES, { ...who, lock: instance, act, site: captureSite(caller) }));
    }
    return this.#fail(rule, what);
  }

  /** What the policy of the checker throws is not the answer: that of the lock is. */
  #judge(work: () => void): void {
    try {
      this.witness?.lockdep.during(work);
    } catch (error) {
      if (!isBreach(error)) {
        throw error;
      }
    }
  }

  #fail(rule: OwnedLockError['rule'], what: string): never {
    throw this.#answered(new OwnedLockError(rule, `${this.name}: ${what}`, this.#errors?.heard ?? null));
  }

  /** Does what is to be done about an error, unless it is none of the contract, and gives it back to be thrown. */
  #answered(error: unknown): unknown {
    if (isBreach(error)) {
      if (this.#onError === 'abort') {
        abort(error, this.witness?.lockdep ?? null);
      } else if (this.#onError !== 'throw') {
        this.#onError(this.#errors?.heard ?? null, error);
      }
    }
    return error;
  }

  /** Nothing was heard yet of what is about to be done, and the checker knows the life of the lock. */
  #begin(): void {
    if (this.#errors !== null && this.instance !== null) {
      this.#errors.heard = null;
      tellLife(this.instance, this.space, this.words);
    }
  }
}

interface Use extends Pick<LifeEvent, 'act'> {
  readonly owner: Owner | null;
  readonly caller: unknown;
}

function making(options: OwnedLockOptions, below: unknown): LockMaking {
  checkObject('options', options);
  const { onError = 'abort' } = options;
  checkOnError(onError);
  const traits = typeof onError === 'string' ? { onError } : {};
  return { type: TYPE, kind: 'raw_spin', below, traits, declared: { initialised: false } };
}
