/**
 * How a lock that one thread holds at a time is taken and given back: what is said to the checker, what is written where other threads
 * read it, what is refused, and in which order. How the words of the lock change is for each class to say.
 * The checker is asked before the wait: what can deadlock is told before it does. Where nothing is checked, an uncontended acquire
 * is one atomic operation and a few stores.
 */
import type { Owner } from '../../../owner.ts';
import { NotHolderError, RecursiveLockError } from '../errors.ts';
import { LockHead, ModeCode, Row } from '../memory/layout.ts';
import { actorIn, siteOf } from '../memory/rows.ts';
import { refuseDead } from '../waiting/look.ts';
import { tellOwnThread } from '../waiting/tell.ts';
import { Wait } from '../waiting/wait.ts';
import { buryDead } from './dead-holders.ts';
import { type SharedHolder, SharedLock } from './shared-lock.ts';
import type { Asking } from './thread-witness.ts';

// Once: each look at a field of another module is paid for.
const { DEBT } = Row;
const { GRANTS, OWNER, SITE } = LockHead;
const { EXCLUSIVE } = ModeCode;

export abstract class HeldByOne extends SharedLock {
  /** Takes it if it is free, at once. */
  protected abstract tryTake(): boolean;
  /** Takes it, however long it takes. @returns false where the time of the wait is over @throws what the wait throws */
  protected abstract take(wait: Wait): boolean;
  /** Gives it back. This thread has it. */
  protected abstract give(): void;
  /** Takes it over from a thread that has ended; false where somebody else was first. */
  protected abstract takeOver(dead: number): boolean;
  /** Slot of the thread that holds it; 0 where nobody does. */
  abstract holderSlot(): number;

  holders(): readonly number[] {
    const slot = this.holderSlot();
    return slot === 0 ? [] : [slot];
  }

  /** What a dead holder has half-written nobody knows. */
  bury(_slot: number): boolean {
    return false;
  }

  /**
   * @param timeout milliseconds after which the wait ends
   * @returns false where its time was over
   */
  protected acquire(owner: Owner | null, asking: Asking, timeout?: number): boolean {
    const { instance } = this;
    const { words, row } = this.space.threads;
    if (owner !== null && instance !== null) {
      owner.acquire(instance, asking);
    }
    // From here on the lock may name this thread.
    (words[row + DEBT] as number)++;
    if (!this.tryTake() && !this.#wait({ owner, asking, timeout })) {
      return false;
    }
    this.#granted(owner);
    return true;
  }

  protected tryAcquire(owner: Owner | null, caller: (...args: never) => unknown): boolean {
    const { words, row } = this.space.threads;
    (words[row + DEBT] as number)++;
    if (!this.tryTake()) {
      (words[row + DEBT] as number)--;
      buryDead(this, { owner, caller });
      return false;
    }
    try {
      if (owner !== null && this.instance !== null) {
        owner.acquire(this.instance, { try: true, caller });
      }
    } catch (error) {
      this.#giveBack();
      throw error;
    }
    this.#granted(owner);
    return true;
  }

  /** @throws NotHolderError, and what the policy throws after the lock is given back */
  protected release(owner: Owner | null, asking: Asking): void {
    if (!this.isHeldBy(owner)) {
      this.#misrelease(owner, asking);
    }
    try {
      if (owner !== null && this.instance !== null) {
        owner.release(this.instance, asking);
      }
    } finally {
      this.witness?.released(this);
      this.#giveBack();
    }
  }

  protected isHeldBy(owner: Owner | null): boolean {
    const { witness, words } = this;
    return (
      this.holderSlot() === this.own && (witness === null || owner === null || words[OWNER] === witness.ownerId(owner))
    );
  }

  /** Takes it from a thread that has ended. False where somebody else was first. */
  protected inherit(dead: number, owner: Owner | null, asking: Asking): boolean {
    const { words, row } = this.space.threads;
    if (owner !== null && this.instance !== null) {
      owner.acquire(this.instance, asking);
    }
    (words[row + DEBT] as number)++;
    // Whoever recovered it meanwhile made the slot free for a thread that lives.
    if (!this.space.threads.isKnownDead(dead) || !this.takeOver(dead)) {
      this.#cancel(owner, asking);
      return false;
    }
    this.space.threads.forgive(dead);
    this.#granted(owner);
    return true;
  }

  #granted(owner: Owner | null): void {
    const { words, witness } = this;
    (words[GRANTS] as number)++;
    if (witness !== null && owner !== null) {
      witness.granted(this, owner, EXCLUSIVE);
    } else {
      words[OWNER] = 0;
      words[SITE] = 0;
    }
  }

  #giveBack(): void {
    const { words, row } = this.space.threads;
    this.give();
    (words[row + DEBT] as number)--;
  }

  #wait({ owner, asking, timeout }: { owner: Owner | null; asking: Asking; timeout: number | undefined }): boolean {
    const how = { owner, caller: asking.caller, ...(timeout === undefined ? {} : { timeout }) };
    const wait = new Wait(this, how);
    let isGranted = false;
    let isRefused = true;
    try {
      this.#refuseAtOnce(wait);
      isRefused = false;
      isGranted = this.take(wait);
    } finally {
      if (!isRefused) {
        wait.end(isGranted);
      }
      if (!isGranted) {
        this.#cancel(owner, asking);
      }
    }
    return isGranted;
  }

  // A wait that ends without the lock is a release.
  #cancel(owner: Owner | null, asking: Asking): void {
    const { words, row } = this.space.threads;
    (words[row + DEBT] as number)--;
    if (owner !== null && this.instance !== null) {
      owner.release(this.instance, asking);
    }
  }

  #refuseAtOnce(wait: Wait): void {
    const { space, words } = this;
    const slot = this.holderSlot();
    if (slot !== 0 && space.threads.isKnownDead(slot)) {
      refuseDead(wait, slot);
    }
    if (slot !== space.threads.own) {
      return;
    }
    const actor = actorIn(space, slot, words[OWNER] as number);
    const holder = { ...actor, site: siteOf(space, words[SITE] as number) };
    tellOwnThread(wait, holder);
    throw new RecursiveLockError(
      `${this.name}: ${describe(holder)} holds it already, and the thread would wait for itself for ever`,
    );
  }

  #misrelease(owner: Owner | null, asking: Asking): never {
    const { holder } = this;
    if (owner !== null && this.instance !== null) {
      owner.release(this.instance, asking);
    }
    const by = holder === null ? 'nobody holds it' : `${describe(holder)} holds it: unlock it there`;
    const who = owner?.name ?? actorIn(this.space, this.space.threads.own, 0).thread;
    throw new NotHolderError(`${this.name} is not held by ${who}; ${by}`);
  }
}

function describe({ thread, owner, site }: SharedHolder): string {
  const who = owner === thread ? thread : `${owner} in ${thread}`;
  return site === null ? who : `${who} (taken at ${site.file}:${site.line}:${site.column})`;
}
