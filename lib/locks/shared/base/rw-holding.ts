/**
 * How a lock that many read or one writes is taken and given back while its waiters spin: what is said to the checker, what is written
 * where other threads read it, what is refused, and in which order. The checker is asked before the wait.
 */
import type { Owner } from '../../../owner.ts';
import { LockHead, ModeCode, Row } from '../memory/layout.ts';
import { planOf, type RwAsk, type RwPlan, type RwRules } from '../queues/rw-plan.ts';
import { holderIn, notHeld, refuseOwn } from '../queues/rw-refusals.ts';
import { RwWords } from '../queues/rw-words.ts';
import { refuseDead } from '../waiting/look.ts';
import { Wait } from '../waiting/wait.ts';
import { buryDead } from './dead-holders.ts';
import { type LockMaking, type SharedHolder, SharedLock, type SharedLockOptions } from './shared-lock.ts';
import { askingOf } from './thread-witness.ts';
import { UnitsLedger } from './units-ledger.ts';

/** In the ledger. */
const UNITS = { read: 1, write: 2 } as const;
// Once: each look at a field of another module is paid for.
const { DEBT } = Row;
const { GRANTS, OWNER, SITE } = LockHead;

export abstract class RwHolding extends SharedLock {
  readonly #state: RwWords = new RwWords(this.words, this.space.threads);
  readonly #ledger: UnitsLedger = new UnitsLedger();
  readonly #rules: RwRules;

  constructor(
    name: string | undefined,
    options: SharedLockOptions,
    { rules, ...making }: LockMaking & { readonly rules: RwRules },
  ) {
    super(name, options, making);
    this.#rules = rules;
  }

  /** Who writes, or the first of those who read; `null` where nobody does. */
  override get holder(): SharedHolder | null {
    const [slot] = this.holders();
    if (slot === undefined) {
      return null;
    }
    return holderIn(this, slot);
  }

  holders(): readonly number[] {
    return this.#state.holders();
  }

  isSharedBy(slot: number): boolean {
    return this.#state.readsOf(slot) > 0;
  }

  /** What a reader had is free again; what a writer has half-written nobody knows. */
  bury(slot: number): boolean {
    if (this.#state.writerSlot() === slot) {
      return false;
    }
    this.#state.bury(slot);
    return true;
  }

  protected acquire(ask: RwAsk): void {
    const what = this.#plan(ask);
    const { owner } = ask;
    if (owner !== null && this.instance !== null) {
      owner.acquire(this.instance, what.asking);
    }
    // From here on the lock may name this thread.
    this.#owe(1);
    if (!this.#tryTake(what)) {
      this.#wait(what, owner);
    }
    this.#granted(what, owner);
  }

  protected tryAcquire(ask: RwAsk): boolean {
    const what = this.#plan(ask);
    this.#owe(1);
    if (!this.#tryTake(what) && !(this.#buriesReaders() && this.#tryTake(what))) {
      this.#owe(-1);
      // A writer that has ended is no reason to try for ever.
      buryDead(this, { owner: ask.owner, caller: ask.caller, mode: what.code });
      return false;
    }
    try {
      if (ask.owner !== null && this.instance !== null) {
        ask.owner.acquire(this.instance, { ...what.asking, try: true });
      }
    } catch (error) {
      this.#give(ask.isRead);
      throw error;
    }
    this.#granted(what, ask.owner);
    return true;
  }

  /** @throws NotHolderError, and what the policy throws after the lock is given back */
  protected release(ask: RwAsk): void {
    const { owner, caller, isRead } = ask;
    const entry = this.#ledger.find(owner, unitsOf(isRead));
    if (entry === undefined) {
      const holdsOtherwise = this.isHeldBy(owner, !isRead);
      if (owner !== null && this.instance !== null && !holdsOtherwise) {
        owner.release(this.instance, askingOf(caller));
      }
      throw notHeld(this, { owner, isRead, holdsOtherwise });
    }
    try {
      if (owner !== null && this.instance !== null) {
        owner.release(this.instance, askingOf(caller));
      }
    } finally {
      this.#ledger.remove(entry);
      this.witness?.released(this);
      this.#give(isRead);
    }
  }

  protected isHeldBy(owner: Owner | null, isRead: boolean): boolean {
    return this.#ledger.find(owner, unitsOf(isRead)) !== undefined;
  }

  /** Slot of a thread that ended while it wrote; 0 where there is none. */
  protected deadWriter(): number {
    const slot = this.#state.writerSlot();
    return slot !== 0 && this.space.threads.isDead(slot) ? slot : 0;
  }

  /** Writes in the place of a thread that has ended. False where somebody else was first. */
  protected inherit(dead: number, ask: RwAsk): boolean {
    const what = this.#plan(ask);
    if (ask.owner !== null && this.instance !== null) {
      ask.owner.acquire(this.instance, what.asking);
    }
    this.#owe(1);
    // Whoever recovered it meanwhile made the slot free for a thread that lives.
    if (!this.space.threads.isKnownDead(dead) || !this.#state.takeOver(dead)) {
      this.#cancel(what, ask.owner);
      return false;
    }
    this.space.threads.forgive(dead);
    this.#granted(what, ask.owner);
    return true;
  }

  #plan(ask: RwAsk): RwPlan {
    return planOf(ask, this.#rules, this.#state.readsOf(this.own) > 0);
  }

  #tryTake({ isRead, stops }: RwPlan): boolean {
    return isRead ? this.#state.tryRead(stops) : this.#state.tryWrite();
  }

  #wait(what: RwPlan, owner: Owner | null): void {
    const { caller, code, isRead, stops } = what;
    const wait = new Wait(this, { owner, caller, mode: code });
    let isGranted = false;
    try {
      this.#refuseAtOnce(wait, isRead);
      if (isRead) {
        this.#state.read(wait, stops);
      } else {
        this.#state.write(wait);
      }
      isGranted = true;
    } finally {
      wait.end(isGranted);
      if (!isGranted) {
        this.#cancel(what, owner);
      }
    }
  }

  #refuseAtOnce(wait: Wait, isRead: boolean): void {
    const { threads } = this.space;
    for (const slot of this.holders()) {
      if (threads.isKnownDead(slot)) {
        refuseDead(wait, slot);
      }
    }
    const writes = this.#state.writerSlot() === threads.own;
    if (!writes && this.#state.readsOf(threads.own) === 0) {
      return;
    }
    refuseOwn(wait, { isRead, writes });
  }

  #granted({ isRead, code }: RwPlan, owner: Owner | null): void {
    const { words, witness } = this;
    this.#ledger.add({ owner, flow: null, left: unitsOf(isRead) });
    (words[GRANTS] as number)++;
    if (witness !== null && owner !== null) {
      witness.granted(this, owner, code === ModeCode.EXCLUSIVE ? code : ModeCode.SHARED);
    } else {
      words[SITE] = 0;
    }
    if (isRead || owner === null) {
      // The last one who came need not be the one who is named first.
      words[OWNER] = 0;
    }
  }

  #give(isRead: boolean): void {
    if (isRead) {
      this.#state.stopReading();
    } else {
      this.#state.stopWriting();
    }
    this.#owe(-1);
  }

  // A wait that ends without the lock is a release.
  #cancel({ caller }: RwPlan, owner: Owner | null): void {
    this.#owe(-1);
    if (owner !== null && this.instance !== null) {
      owner.release(this.instance, askingOf(caller));
    }
  }

  #buriesReaders(): boolean {
    const { threads } = this.space;
    const dead = this.holders().filter((slot) => this.isSharedBy(slot) && threads.isDead(slot));
    for (const slot of dead) {
      this.#state.bury(slot);
    }
    return dead.length > 0;
  }

  #owe(change: number): void {
    const { words, row } = this.space.threads;
    (words[row + DEBT] as number) += change;
  }
}

function unitsOf(isRead: boolean): number {
  return isRead ? UNITS.read : UNITS.write;
}
