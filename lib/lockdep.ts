/**
 * A checker as programs see it: where locks, owners and orders are made, and what was found.
 */
import { type AcquireOptions, checkLock } from './acquire.ts';
import { Declarations } from './declarations.ts';
import type { Engine, HeldView, OwnerSource } from './explicit/engine.ts';
import type { GraphlibGraph } from './graph/digraph.ts';
import type { OwnerRef } from './model/owner.ts';
import type { Snapshot, SnapshotAdapter, SnapshotProcess } from './model/snapshot.ts';
import { isOff } from './off-switch.ts';
import { checkName, checkObject, type LockdepOptions, type OwnerOptions } from './options.ts';
import { isOwner, Owner } from './owner.ts';
import { UNOWNED_RULES } from './rules/index.ts';
import type { Configuration } from './settings.ts';
import { shown } from './shown.ts';
import { graphOf, snapshotOf } from './snapshot.ts';
import type { LockInstance } from './state/classes.ts';
import { type HeldLock, isOf } from './state/held.ts';
import { captureSite } from './state/site.ts';

/** The owner of the running code, as far as it is known. */
export type CurrentOwner = OwnerRef & { readonly held: readonly HeldView[] };

/** Follows the owners of async flows. Made on the floor above. */
export interface Flows extends OwnerSource {
  task<Result>(name: string, work: () => Result): Result;
}

/** A checker: one class graph, its owners and its findings. */
export class Lockdep extends Declarations implements Engine {
  /** What the watching side knows and the engine does not. */
  readonly adapters: SnapshotAdapter[] = [];
  readonly sources: Set<OwnerSource> = new Set();
  /** What was seen and then disproved by what the program did. */
  refuted = 0;
  /** What makes the follower of async flows, where there is one. */
  static follow: ((lockdep: Lockdep) => Flows) | null = null;
  /** What knows the locks of libraries, where any are watched. */
  watcher: object | null = null;
  /** What follows the async flows of this checker, once there are any. */
  flows: Flows | null = null;
  /** Called where news cannot wait for the event loop: the thread may never come back to it. */
  onFlush: () => void = () => {};
  readonly #owners = new Map<string, Owner>();
  #ownerCount = 0;
  #running: Owner | undefined;

  /** True for a checker that checks nothing. */
  get isOff(): boolean {
    return this.guard.isOff;
  }

  /** Checks nothing from here on: every claim passes, and nothing is recorded. */
  switchOff(): void {
    this.isFast = false;
    this.guard.switchOff();
  }

  get ownerCount(): number {
    return this.#ownerCount;
  }

  /**
   * The owner with this name; one and the same until it exits.
   * @throws TypeError if it is no name, or a context was defined with the name of one that is not there
   */
  owner(name: string, options: OwnerOptions = {}): Owner {
    checkName('name', name);
    checkObject('options', options);
    const { yields = false } = options;
    if (typeof yields !== 'boolean') {
      throw new TypeError(`yields: expected true or false, got ${shown(yields)}`);
    }
    const known = this.#owners.get(name);
    if (known !== undefined) {
      return known;
    }
    this.registry.checkContexts();
    const owner = new Owner(this, { id: this.nextOwnerId(), name, yields });
    this.#owners.set(name, owner);
    return owner;
  }

  /** Forgets an owner that has exited. */
  forget(owner: OwnerRef): void {
    if (this.#owners.get(owner.name) === owner) {
      this.#owners.delete(owner.name);
    }
  }

  nextOwnerId(): number {
    return ++this.#ownerCount;
  }

  /**
   * The owner of the running code: the one whose `run()` is running, or that of the async flow.
   * @throws Error where neither is known
   */
  currentOwner(): CurrentOwner {
    const owner = this.#running ?? this.#flowOwner();
    if (owner === undefined && this.isOff) {
      return { id: 0, name: 'nobody', held: [] };
    }
    if (owner === undefined) {
      throw new Error('no owner is known here: use ld.owner(name), or run the program under `lockdep run`');
    }
    return owner;
  }

  /** Changes what is done with findings, and limits, from here on. @throws TypeError; then nothing is changed */
  configure(options: Configuration): void {
    this.settings.change(options);
  }

  /**
   * Runs a function, and all that it waits for, as an owner with this name and a number.
   * @returns what it returns
   */
  task<Result>(name: string, work: () => Result): Result {
    checkName('name', name);
    checkWork(work);
    const flows = this.#followed();
    return flows === null ? work() : flows.task(name, work);
  }

  /** The owner whose `run()` is running, if there is one. */
  get running(): Owner | undefined {
    return this.#running;
  }

  runAs<Result>(owner: OwnerRef, work: () => Result): Result {
    checkWork(work);
    const before = this.#running;
    this.#running = owner as Owner;
    try {
      return work();
    } finally {
      this.#running = before;
    }
  }

  /** The owner whose `run()` is running takes the lock. Where there is none, that is `no-owner`, and nothing is taken. */
  acquire(lock: LockInstance, options?: AcquireOptions): void {
    if (this.#running === undefined) {
      this.#unowned(lock, 'taken', this.acquire);
    } else {
      this.#running.acquire(lock, options);
    }
  }

  /** The owner whose `run()` is running gives the lock back. Where there is none, that is `no-owner`. */
  release(lock: LockInstance): void {
    if (this.#running === undefined) {
      this.#unowned(lock, 'released', this.release);
    } else {
      this.#running.release(lock);
    }
  }

  /** Says that the lock is ready for use, for the first time or again. @param owner who says so, if it is known */
  init(lock: LockInstance, owner: Owner = this.#somebody()): void {
    checkOwner(owner);
    owner.init(lock);
  }

  /** Says that the lock is not used any more. @param owner who says so, if it is known */
  destroy(lock: LockInstance, owner: Owner = this.#somebody()): void {
    checkOwner(owner);
    owner.destroy(lock);
  }

  /** Everybody who holds this lock. Walks all owners: for reports only. */
  holdersOf(lock: LockInstance): HeldLock[] {
    const explicit = [...this.#owners.values()].flatMap((owner) => owner.entries());
    const tracked = [...this.sources].flatMap((source) => source.holders(lock));
    return [...explicit, ...tracked].filter((held) => isOf(held, lock));
  }

  /** Has what is news written down at once. */
  flushNews(): void {
    this.guarded(() => this.onFlush());
  }

  /** What was seen, as JSON data. */
  snapshot(process?: Partial<SnapshotProcess>): Snapshot {
    return snapshotOf(this, process ?? {});
  }

  /** The class graph as a graphlib Graph. Labels carry the class keys; node ids are `c0`, `c1`, … */
  graph(): GraphlibGraph {
    return graphOf(this.state);
  }

  #flowOwner(): CurrentOwner | undefined {
    this.#followed();
    return [...this.sources].map((source) => source.current()).find((owner) => owner !== undefined);
  }

  #followed(): Flows | null {
    if (!this.isOff) {
      this.flows ??= Lockdep.follow?.(this) ?? null;
    }
    return this.flows;
  }

  #somebody(): Owner {
    return this.#running ?? new Owner(this, { id: 0, name: 'somebody' });
  }

  #unowned(lock: LockInstance, act: 'taken' | 'released', caller: unknown): void {
    checkLock(this.state.classes, lock);
    this.during(() => this.judge(UNOWNED_RULES, { lock, act, site: captureSite(caller) }));
  }
}

function checkWork(work: unknown): void {
  if (typeof work !== 'function') {
    throw new TypeError(`work: expected a function, got ${shown(work)}`);
  }
}

function checkOwner(owner: unknown): void {
  if (!isOwner(owner)) {
    throw new TypeError(`owner: expected an owner made by this checker's owner(), got ${shown(owner)}`);
  }
}

/** A new checker with its own graph. It checks nothing where the process says so: `LOCKDEP=off`, or in production. */
export function createLockdep(options?: LockdepOptions): Lockdep {
  const lockdep = new Lockdep(options);
  if (isOff()) {
    lockdep.switchOff();
  }
  return lockdep;
}
