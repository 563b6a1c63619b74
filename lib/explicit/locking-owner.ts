/**
 * What an explicit owner takes and gives back. A known step costs one look-up and allocates nothing.
 */
import { type AcquireOptions, checkAcquire, checkLock } from '../acquire.ts';
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import { EXIT_RULES } from '../rules/index.ts';
import type { Attempt } from '../state/attempt.ts';
import { type ChainNode, stepKey } from '../state/chains.ts';
import type { LockInstance } from '../state/classes.ts';
import { type HeldLock, isOf, takenAt } from '../state/held.ts';
import { captureSite, type RawSite } from '../state/site.ts';
import { usagesOf } from '../state/usage.ts';
import type { Engine, HeldView, Holder } from './engine.ts';
import { type Entry, extraFor } from './entry.ts';
import { EventMemory } from './events.ts';
import { fold, hostOf } from './folding.ts';
import { HeldStack, type NewEntry } from './held-stack.ts';
import { endHold, holdStart, timesPlain } from './hold-time.ts';
import { OwnerContexts } from './owner-contexts.ts';
import type { Parts } from './parts.ts';
import { isPlainAcquire, isPlainRelease, PLAIN, plainMode, plainStep } from './plain.ts';
import { AS_HELD, judgeLife, type ReleaseOptions, release, takeOut } from './release.ts';
import { SpinWatch } from './spin-watch.ts';

export class LockingOwner implements Holder {
  readonly id: number;
  readonly name: string;
  readonly #engine: Engine;
  readonly #stack: HeldStack;
  readonly #parts: Parts;
  readonly #spinWatch: SpinWatch;
  #hasExited = false;

  constructor(engine: Engine, { id, name, yields = false }: OwnerRef & { readonly yields?: boolean }) {
    this.#engine = engine;
    this.id = id;
    this.name = name;
    this.#stack = new HeldStack(this, engine);
    const contexts = new OwnerContexts(this, engine, this.#stack);
    this.#parts = {
      owner: this,
      engine,
      stack: this.#stack,
      contexts,
      memory: new EventMemory(this, engine, this.#stack),
    };
    this.#spinWatch = new SpinWatch(this.#parts, yields);
  }

  /** The inside of the owner, for what else it can do. */
  protected get parts(): Parts {
    return this.#parts;
  }

  /** The step that it took last, of those that it has not taken back. */
  get chain(): ChainNode {
    return this.#stack.chain;
  }

  /** What it holds, outermost first. */
  get held(): readonly HeldView[] {
    const { resolver } = this.#engine.state;
    return this.#stack.view().flatMap((entry) => {
      const site = takenAt(entry)?.resolve(resolver) ?? null;
      return [entry.lock, ...(entry.folded ?? [])].map((lock) => ({ lock, mode: entry.mode, site }));
    });
  }

  /** The held stack as the rules see it. The entries change with the next event. */
  entries(): readonly HeldLock[] {
    return this.#stack.view();
  }

  /**
   * Says that this owner is about to wait for, and then has, the lock.
   * @throws LockdepError under the `throw` policy: the lock is then not taken
   * @throws TypeError for a lock of another checker, an unknown mode, or more units than there are
   * @throws Error if this owner has exited
   */
  acquire(lock: LockInstance, options: AcquireOptions = PLAIN): void {
    // What is no lock is no known step either. So it is refused below, and those that are pay nothing for it.
    const isPlain = options === PLAIN || isPlainAcquire(options);
    if (isPlain && this.#engine.isFast) {
      if (this.#pushKnown(lock, options.mode) !== undefined) {
        return;
      }
    } else if (isPlain && timesPlain(this.#engine)) {
      const entry = this.#pushKnown(lock, options.mode);
      if (entry !== undefined) {
        entry.since = this.#engine.profile.now();
        return;
      }
    }
    if (!this.#engine.isOff) {
      this.#engine.during(() => this.#acquire(lock, options, options?.caller ?? this.acquire));
    }
  }

  /**
   * Says that this owner gives the lock back. Any order is legal. A unit of a counting resource may be one that somebody
   * else took: who has none gives back the first unit of the oldest owner that has some.
   * @throws LockdepError under the `throw` policy, after it is released, or if this owner does not hold it
   * @throws TypeError for a lock of another checker or an unknown mode
   */
  release(lock: LockInstance, options: ReleaseOptions = AS_HELD): void {
    const isPlain = options === AS_HELD || isPlainRelease(options);
    if (isPlain && this.#engine.isFast) {
      if (this.#stack.popPlain(lock) !== undefined) {
        return;
      }
    } else if (isPlain && timesPlain(this.#engine)) {
      const entry = this.#stack.popPlain(lock);
      if (entry !== undefined) {
        endHold(this.#engine, entry);
        return;
      }
    }
    if (!this.#engine.isOff) {
      this.#engine.during(() => release(this.#parts, lock, { caller: this.release, ...options }));
    }
  }

  /**
   * Says that this owner takes the lock here on paths that are rarely gone: checked like an acquire, and not held.
   * @throws LockdepError under the `throw` policy
   */
  mightLock(lock: LockInstance, options: AcquireOptions = PLAIN): void {
    this.#engine.during(() => {
      const last = lock?.last;
      this.#acquire(lock, options, options?.caller ?? this.mightLock);
      release(this.#parts, lock, { caller: this.mightLock });
      lock.last = last;
    });
  }

  /** Takes everything from the owner. */
  protected end(): void {
    if (this.#hasExited) {
      return;
    }
    const held = this.#stack.view().map((entry) => ({ ...entry }));
    this.#hasExited = true;
    this.#stack.clear();
    this.#engine.forget(this);
    this.#engine.during(() => this.#engine.judge(EXIT_RULES, { held, severity: 'error' }));
  }

  /** Takes back what another owner released. */
  drop(held: HeldLock): void {
    takeOut(this.#parts, held.lock, { at: this.#stack.entries.indexOf(held as Entry), caller: this.release });
  }

  #pushKnown(lock: LockInstance, asked: Mode | undefined): Entry | undefined {
    const stack = this.#stack;
    const mode = plainMode(lock, asked, stack.situation);
    const node = this.#engine.known(stack.chain, plainStep(lock, mode), lock, this);
    if (node?.spins) {
      this.#spinWatch.begin();
    }
    return node && stack.pushPlain(node, lock, mode);
  }

  #acquire(lock: LockInstance, options: AcquireOptions, caller: unknown): void {
    const { state, sites } = this.#engine;
    if (this.#hasExited) {
      throw new Error(`owner '${this.name}' has exited: it takes no lock any more`);
    }
    checkLock(state.classes, lock);
    this.#engine.clock.refuseEvent(lock);
    checkAcquire(state.classes, lock, options);
    this.#engine.profile.meet(lock.class);
    if (lock.lifetime !== 'ready') {
      judgeLife(this.#parts, lock, { act: 'acquire', caller });
    }
    const { inhibits } = lock.class.traits;
    if (inhibits.length === 0) {
      this.#take(lock, options, { caller, asked: sites === 'all' ? captureSite(caller) : null });
      return;
    }
    this.#parts.contexts.inhibit(inhibits);
    try {
      this.#take(lock, options, { caller, asked: sites === 'all' ? captureSite(caller) : null });
    } catch (error) {
      this.#parts.contexts.allow(inhibits, caller);
      throw error;
    }
  }

  #take(lock: LockInstance, options: AcquireOptions, from: { caller: unknown; asked: RawSite | null }): void {
    const stack = this.#stack;
    const { units = 1, nest = null, subclass = 0 } = options;
    const lockClass = subclass === 0 ? lock.class : this.#engine.subclassOf(lock.class, subclass);
    const mode = lockClass.modeIn(options.mode ?? 'exclusive', stack.situation);
    // Whoever has it already does not wait for it.
    const { reentrant } = lockClass.traits;
    const isHeld = (reentrant || subclass !== 0) && stack.find(lock) !== undefined;
    const isOwn = reentrant && isHeld;
    const isTry = options.try === true || isOwn;
    const extra = extraFor(lock, nest);
    const { isGuarded } = stack.guardOf(lockClass, nest);
    const what = { lock, class: lockClass, mode, units, try: isTry, extra, isGuarded, since: holdStart(this.#engine) };
    // What is known of the classes says nothing of the same lock, or of a guard.
    const isGuardLost = nest !== null && !stack.view().some((entry) => isOf(entry, nest));
    const known = isGuardLost || isHeld ? undefined : this.#known(stack.chain, what);
    if (known !== undefined) {
      this.#add(known, what, from.asked);
      return;
    }
    const site = from.asked ?? captureSite(from.caller);
    const { situation } = stack;
    const attempt: Attempt = {
      ...what,
      owner: this,
      nest,
      situation,
      usages: usagesOf(this.#engine.state.usages, { class: lockClass, mode, try: isTry, situation }),
      tentative: false,
      held: stack.view(),
      site,
    };
    const host = hostOf(stack, attempt);
    if (host !== undefined) {
      this.#engine.judgeAside(attempt);
      fold(host, attempt);
      return;
    }
    this.#add(this.#engine.step(stack.chain, attempt), what, site);
  }

  #known(
    chain: ChainNode,
    { lock, class: lockClass, mode, try: isTry }: Pick<Attempt, 'lock' | 'class' | 'mode' | 'try'>,
  ): ChainNode | undefined {
    return this.#engine.known(chain, stepKey(lockClass, mode, isTry), lock, this);
  }

  #add(chain: ChainNode, entry: NewEntry, site: RawSite | null): void {
    this.#stack.add(chain, entry, site);
    if (this.#engine.events) {
      this.#parts.memory.note(this.#stack.entries[this.#stack.depth - 1] as Entry);
    }
    if (chain.spins) {
      this.#spinWatch.begin();
    }
  }
}
