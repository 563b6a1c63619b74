/**
 * An explicit owner: somebody who says by himself what he takes and gives back. Exact everywhere, browsers included.
 * Nothing blocks here; these are events. A known step costs one look-up and allocates nothing: the entries of the held
 * stack are used again.
 */
import { type AcquireOptions, checkAcquire, checkLock } from './acquire.ts';
import type { Mode, Site } from './model/lock.ts';
import type { OwnerRef } from './model/owner.ts';
import { EXIT_RULES, HELD_ASSERTIONS, NOT_HELD_ASSERTIONS, RELEASE_RULES, type Rule } from './rules/index.ts';
import type { Attempt } from './state/attempt.ts';
import { ChainNode, stepKey } from './state/chains.ts';
import type { LockInstance } from './state/classes.ts';
import { type HeldLock, takenAt } from './state/held.ts';
import { captureSite, type RawSite } from './state/site.ts';
import type { State } from './state/state.ts';

export type { AcquireOptions };

/** A lock that an owner holds, for people and assertions. */
export interface HeldView {
  readonly lock: LockInstance;
  readonly mode: Mode;
  readonly site: Site | null;
}

/** Somebody else who knows owners: the tracker of async flows. */
export interface OwnerSource {
  /** The owner of the running flow, if there is one. */
  current(): (OwnerRef & { readonly held: readonly HeldView[] }) | undefined;
  holders(lock: LockInstance): readonly HeldLock[];
}

/** The part of the checker that an owner tells its events. */
export interface Engine {
  readonly state: State;
  readonly sites: 'new' | 'all';
  known(chain: ChainNode, key: number, lock: LockInstance, owner: OwnerRef): ChainNode | undefined;
  step(chain: ChainNode, attempt: Attempt): ChainNode;
  judge<Event>(rules: readonly Rule<Event>[], event: Event, isOld?: boolean): boolean;
  holdersOf(lock: LockInstance): readonly HeldLock[];
  forget(owner: Owner): void;
}

interface Entry extends HeldLock {
  lock: LockInstance;
  mode: Mode;
  units: number;
  try: boolean;
  site: RawSite | null;
  chain: ChainNode;
}

const PLAIN: AcquireOptions = {};

export class Owner implements OwnerRef {
  readonly id: number;
  readonly name: string;
  readonly #engine: Engine;
  readonly #entries: Entry[] = [];
  #depth = 0;
  #hasExited = false;
  #chain: ChainNode;

  constructor(engine: Engine, { id, name }: OwnerRef) {
    this.#engine = engine;
    this.id = id;
    this.name = name;
    this.#chain = engine.state.chains.root;
  }

  /** What it holds, outermost first. */
  get held(): readonly HeldView[] {
    const { resolver } = this.#engine.state;
    return this.entries().map((entry) => {
      return { lock: entry.lock, mode: entry.mode, site: takenAt(entry)?.resolve(resolver) ?? null };
    });
  }

  /** The held stack as the rules see it. The entries change with the next event. */
  entries(): readonly HeldLock[] {
    return this.#entries.slice(0, this.#depth);
  }

  /**
   * Says that this owner is about to wait for, and then has, the lock.
   * @throws LockdepError under the `throw` policy: the lock is then not taken
   * @throws TypeError for a lock of another checker, an unknown mode, or more units than there are
   * @throws Error if this owner has exited
   */
  acquire(lock: LockInstance, options: AcquireOptions = PLAIN): void {
    // What is no lock is no known step either. So it is refused below, and those that are pay nothing for it.
    const isPlain = options === PLAIN && this.#engine.sites === 'new';
    const node = isPlain ? this.#engine.known(this.#chain, lock?.class?.step, lock, this) : undefined;
    if (node === undefined) {
      this.#acquire(lock, options);
    } else {
      this.#push(node, lock, PLAIN, null);
    }
  }

  #acquire(lock: LockInstance, options: AcquireOptions): void {
    const { sites, state } = this.#engine;
    if (this.#hasExited) {
      throw new Error(`owner '${this.name}' has exited: it takes no lock any more`);
    }
    checkLock(state.classes, lock);
    checkAcquire(lock, options);
    const { mode = 'exclusive', try: isTry = false, units = 1 } = options;
    const asked = sites === 'all' ? captureSite(this.acquire) : null;
    const node = this.#engine.known(this.#chain, stepKey(lock.class, mode, isTry), lock, this);
    if (node !== undefined) {
      this.#push(node, lock, options, asked);
      return;
    }
    const site = asked ?? captureSite(this.acquire);
    const attempt = { owner: this, lock, mode, units, try: isTry, tentative: false, held: this.entries(), site };
    this.#push(this.#engine.step(this.#chain, attempt), lock, options, site);
  }

  /**
   * Says that this owner gives the lock back. Any order is legal. A unit of a counting resource may be one that somebody
   * else took: who has none gives back the first unit of the oldest owner that has some.
   * @throws LockdepError under the `throw` policy if it does not hold it
   */
  release(lock: LockInstance): void {
    const depth = this.#depth;
    if (depth > 0 && (this.#entries[depth - 1] as Entry).lock === lock) {
      this.#depth = depth - 1;
      this.#chain = depth > 1 ? (this.#entries[depth - 2] as Entry).chain : this.#engine.state.chains.root;
      return;
    }
    this.#releaseDeeper(lock);
  }

  /** Fails with `assert-held` unless this owner holds the lock. */
  assertHeld(lock: LockInstance): void {
    this.#engine.judge(HELD_ASSERTIONS, this.#claim(lock, this.assertHeld));
  }

  /** Fails with `assert-not-held` if this owner holds the lock. */
  assertNotHeld(lock: LockInstance): void {
    this.#engine.judge(NOT_HELD_ASSERTIONS, this.#claim(lock, this.assertNotHeld));
  }

  /** Says that this owner ends. What it still holds is reported and counts as released. The second time it says nothing. */
  exit(): void {
    if (this.#hasExited) {
      return;
    }
    const held = this.entries().map((entry) => ({ ...entry }));
    this.#hasExited = true;
    this.#depth = 0;
    // No step is known from here, so that none is taken without a look at whether the owner lives.
    this.#chain = new ChainNode(null, null);
    this.#engine.forget(this);
    this.#engine.judge(EXIT_RULES, { held, severity: 'error' });
  }

  #push(chain: ChainNode, lock: LockInstance, options: AcquireOptions, site: RawSite | null): void {
    const { mode = 'exclusive', try: isTry = false, units = 1 } = options;
    const depth = this.#depth++;
    this.#chain = chain;
    const entry = this.#entries[depth];
    if (entry === undefined) {
      this.#entries.push({ owner: this, lock, mode, units, try: isTry, site, chain, acquire: null });
      return;
    }
    entry.lock = lock;
    entry.mode = mode;
    entry.units = units;
    entry.try = isTry;
    entry.site = site;
    entry.chain = chain;
  }

  #releaseDeeper(lock: LockInstance): void {
    checkLock(this.#engine.state.classes, lock);
    const at = this.entries().findLastIndex((entry) => entry.lock === lock);
    if (at < 0) {
      this.#releaseStray(lock);
    } else {
      this.#remove(at);
    }
  }

  // The locks above the removed one are taken again in their order, so that what they mean without it is proved too.
  #remove(at: number): void {
    const above = this.#entries.slice(at + 1, this.#depth).map((entry) => ({ ...entry }));
    this.#depth = at;
    this.#chain = at > 0 ? (this.#entries[at - 1] as Entry).chain : this.#engine.state.chains.root;
    const errors = above.flatMap((entry) => this.#retake(entry));
    if (errors.length > 0) {
      throw errors[0];
    }
  }

  /** Takes a lock again that is held already. What the policy throws comes back, so that no lock is lost over it. */
  #retake({ lock, mode, units, try: isTry, ...entry }: HeldLock): unknown[] {
    const site = takenAt({ ...entry, lock, mode, units, try: isTry });
    const key = stepKey(lock.class, mode, isTry);
    const known = this.#engine.known(this.#chain, key, lock, this);
    const options = { mode, units, try: isTry };
    if (known !== undefined) {
      known.hits--;
      this.#push(known, lock, options, site);
      return [];
    }
    const held = this.entries();
    const attempt = {
      owner: this,
      lock,
      ...options,
      tentative: false,
      isRetaken: true,
      held,
      site: site ?? captureSite(this.release),
    };
    try {
      this.#push(this.#engine.step(this.#chain, attempt), lock, options, site);
      return [];
    } catch (error) {
      this.#push(this.#chain, lock, options, site);
      return [error];
    }
  }

  #releaseStray(lock: LockInstance): void {
    const holders = this.#engine.holdersOf(lock);
    this.#engine.judge(RELEASE_RULES, {
      owner: this,
      lock,
      held: this.entries(),
      holder: holders[0],
      site: captureSite(this.release),
      lastReleased: null,
      exact: true,
    });
    const explicit = lock.class.kind.counting ? holders.find(({ owner }) => owner instanceof Owner) : undefined;
    if (explicit?.owner instanceof Owner) {
      explicit.owner.#remove(explicit.owner.#entries.indexOf(explicit as Entry));
    }
  }

  #claim(lock: LockInstance, below: unknown): Parameters<(typeof HELD_ASSERTIONS)[number]>[1] {
    checkLock(this.#engine.state.classes, lock);
    const held = this.entries();
    const holder = held.findLast((entry) => entry.lock === lock) ?? this.#engine.holdersOf(lock)[0];
    return { owner: this, lock, held, holder, site: captureSite(below) };
  }
}
