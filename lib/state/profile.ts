/**
 * What the locks of one checker cost: how often and how long somebody waited for a class, and how long it was held.
 * Waits are always counted: whoever waits has time for it. Holds are timed only where somebody asks for it (`isTimed`), for that
 * is two readings of a clock for each acquire; where nobody does, a known step pays nothing.
 */

import { Histogram } from '../model/histogram.ts';
import type { ClassStats, LongestHold } from '../model/stats.ts';
import type { LockClass, LockInstance } from './classes.ts';
import { type AnySite, ContendedSites, type PlacedWait, type WaitHolder } from './contended-sites.ts';
import { isRawSite } from './site.ts';
import type { State } from './state.ts';

/** A wait that is over, with the lock or without it. */
export interface ContendedAcquire extends PlacedWait {
  /** Milliseconds from the request to the end of the wait. */
  readonly waitMs: number;
  /** Turns of the loop in which it waited; 0 where it slept. */
  readonly spins: number;
  /** Where the lock was asked for. */
  readonly site: AnySite;
  /** Who held it when the wait began, and where it had taken it; `null` where nobody is known. */
  readonly holder: WaitHolder | null;
}

/** What decides whether holds are timed. May change while the checker runs. */
export interface Timing {
  /** True from when somebody wants to know how long locks are held, or sets a limit to it. */
  readonly timesHolds: boolean;
  /** Has holds timed from here on. */
  timeHolds(): void;
  /** Longest hold in milliseconds by the name of a class. */
  readonly budgets: ReadonlyMap<string, number>;
  /** The same of all classes, as a warning; Infinity for none. */
  readonly longHoldMs: number;
}

/** Milliseconds from some moment on; durations are all that is asked of it. */
export type Stopwatch = () => number;

// Taken here, before a test can put fake ones in its place.
const { performance } = globalThis as { readonly performance?: { now(): number } };
const runtimeNow: Stopwatch | undefined = performance?.now.bind(performance);

/** The finest clock there is. */
export const stopwatch: Stopwatch = runtimeNow ?? Date.now;

/** What was measured of one class. */
export class ClassProfile {
  /** Acquires that had to wait. */
  contentions = 0;
  /** Turns of the loops in which spinning locks waited. */
  spins = 0;
  /** Milliseconds of the waits. */
  readonly wait: Histogram = new Histogram();
  /** Milliseconds of the holds, where they are timed. */
  readonly hold: Histogram = new Histogram();
  readonly #state: State;
  readonly #sites: ContendedSites;
  #longest: { readonly ms: number; readonly site: AnySite } | null = null;

  constructor(state: State) {
    this.#state = state;
    this.#sites = new ContendedSites(state.resolver);
  }

  /** The longest hold and where its lock was taken, or `null` where holds are not timed. */
  get longestHold(): LongestHold | null {
    if (this.#longest === null) {
      return null;
    }
    const { ms, site } = this.#longest;
    const { resolver, process } = this.#state;
    return { ms, site: isRawSite(site) ? site.resolve(resolver) : site, process };
  }

  /** Whether there were more places than are kept. */
  get isFull(): boolean {
    return this.#sites.isFull;
  }

  contended(acquire: ContendedAcquire): void {
    this.contentions++;
    this.spins += acquire.spins;
    this.wait.add(acquire.waitMs);
    this.#sites.add(acquire);
  }

  held(ms: number, site: AnySite): void {
    this.hold.add(ms);
    if (this.#longest === null || ms > this.#longest.ms) {
      this.#longest = { ms, site };
    }
  }

  /** All of it as plain data; `null` where nothing was measured. */
  toJSON(): ClassStats | null {
    if (this.contentions === 0 && this.hold.count === 0) {
      return null;
    }
    const { contentions, spins, wait, hold, longestHold } = this;
    return {
      contentions,
      spins,
      wait: wait.count === 0 ? null : wait.toJSON(),
      hold: hold.count === 0 ? null : hold.toJSON(),
      longestHold,
      sites: this.#sites.hottest(),
      otherWaits: this.#sites.restWaits,
      sampled: this.#sites.isSampled,
    };
  }
}

/** What was measured of all classes of a checker. */
export class Profile {
  /** Milliseconds, for durations. */
  readonly now: Stopwatch;
  readonly #state: State;
  readonly #timing: Timing;
  readonly #classes: (ClassProfile | undefined)[] = [];

  constructor(state: State, timing: Timing, now: Stopwatch) {
    this.#state = state;
    this.#timing = timing;
    this.now = now;
  }

  /** Whether holds are timed: with the option `stats`, a limit, or once a lock of a class with a budget is taken. */
  get isTimed(): boolean {
    return this.#timing.timesHolds;
  }

  /** Milliseconds after which a hold is told as a warning; Infinity for none. */
  get longHoldMs(): number {
    return this.#timing.longHoldMs;
  }

  /** What was measured so far, if anything, of a class, of that of a lock, of a lock of this package, or of the one with a name. */
  of(what: LockClass | LockInstance | string | { readonly instance: LockInstance | null }): ClassProfile | undefined {
    const lockClass = typeof what === 'string' ? this.#named(what) : classOf(what);
    return lockClass === undefined ? undefined : this.#classes[lockClass.id];
  }

  /** A lock of the class was asked for and was not free; the wait is over. */
  contended(lockClass: LockClass, acquire: ContendedAcquire): void {
    this.#profileOf(lockClass).contended(acquire);
  }

  /** A lock of the class was held so long. @param site where it was taken */
  held(lockClass: LockClass, ms: number, site: AnySite): void {
    this.#profileOf(lockClass).held(ms, site);
  }

  /** Milliseconds that locks of a class may be held: what the class declares, or else what is set for its name. */
  budgetOf(lockClass: LockClass): number {
    const { budgets } = this.#timing;
    const { maxHoldMs } = lockClass.traits;
    if (maxHoldMs !== null || budgets.size === 0) {
      return maxHoldMs ?? Number.POSITIVE_INFINITY;
    }
    return budgets.get((lockClass.base ?? lockClass).ref.name) ?? Number.POSITIVE_INFINITY;
  }

  /** A lock of the class is asked for in a way that is new: if it has a budget, holds are timed from here on. */
  meet(lockClass: LockClass): void {
    if (lockClass.traits.maxHoldMs !== null) {
      this.#timing.timeHolds();
    }
  }

  /** True where a class had more places, or holders, than are kept. */
  get isFull(): boolean {
    return this.#classes.some((one) => one?.isFull === true);
  }

  #named(name: string): LockClass | undefined {
    const { classes } = this.#state;
    return classes.find(name) ?? classes.all.find(({ ref }) => ref.name === name);
  }

  #profileOf(lockClass: LockClass): ClassProfile {
    const known = this.#classes[lockClass.id];
    if (known !== undefined) {
      return known;
    }
    const made = new ClassProfile(this.#state);
    this.#classes[lockClass.id] = made;
    return made;
  }
}

function classOf(what: LockClass | LockInstance | { readonly instance: LockInstance | null }): LockClass | undefined {
  if ('instance' in what) {
    return what.instance?.class;
  }
  return 'class' in what ? what.class : what;
}
