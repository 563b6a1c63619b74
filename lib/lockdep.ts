/**
 * A checker as programs see it: where locks, owners and orders are made, and what was found.
 */
import { type AcquireOptions, checkLock } from './acquire.ts';
import { Conductor } from './conductor.ts';
import type { Engine, OwnerSource } from './explicit/engine.ts';
import type { GraphlibGraph } from './graph/digraph.ts';
import type { ContextDefinition } from './model/context.ts';
import type { KindDefinition } from './model/kind.ts';
import type { OwnerRef } from './model/owner.ts';
import type { Snapshot, SnapshotAdapter, SnapshotProcess } from './model/snapshot.ts';
import {
  type ClassSource,
  checkName,
  checkObject,
  type LockdepOptions,
  type LockOptions,
  type OwnerOptions,
} from './options.ts';
import { Owner } from './owner.ts';
import { Registry } from './registry.ts';
import { DECLARATION_RULES, UNOWNED_RULES } from './rules/index.ts';
import { shown } from './shown.ts';
import { graphOf, snapshotOf } from './snapshot.ts';
import type { LockClass, LockInstance } from './state/classes.ts';
import { type HeldLock, isOf } from './state/held.ts';
import { captureSite } from './state/site.ts';

/** The owner of the running code, as far as it is known. */
export type CurrentOwner = OwnerRef & { readonly held: readonly unknown[] };

/** A checker: one class graph, its owners and its findings. */
export class Lockdep extends Conductor implements Engine {
  /** What the watching side knows and the engine does not. */
  readonly adapters: SnapshotAdapter[] = [];
  readonly sources: Set<OwnerSource> = new Set();
  /** Sentences that a reader of the findings must know. */
  readonly notes: string[] = [];
  /** What was seen and then disproved by what the program did. */
  refuted = 0;
  readonly #registry: Registry;
  readonly #owners = new Map<string, Owner>();
  #ownerCount = 0;
  #running: Owner | undefined;

  constructor(options: LockdepOptions = {}) {
    super(options);
    this.#registry = new Registry(this.state, this.guard, () => this.news());
    for (const kind of options.kinds ?? []) {
      this.#registry.kind(kind);
    }
    for (const context of options.contexts ?? []) {
      this.#registry.context(context);
    }
  }

  get ownerCount(): number {
    return this.#ownerCount;
  }

  /**
   * A new lock. The name names the class: two calls with one name give two instances of one class.
   * @throws TypeError if the kind is unknown, is another one than the class has, the capacity is no positive number, or what is declared of the
   * class differs from what was declared of it before
   */
  lock(name: string, options: LockOptions = {}): LockInstance {
    return this.#registry.lock(name, options);
  }

  /** A new lock of the class that `source` stands for. */
  lockOf(source: ClassSource, options: LockOptions = {}): LockInstance {
    return this.#registry.lockOf(source, options);
  }

  /** An event that owners wait for and signal: a node of the class graph where the option `events` is on. */
  event(name: string): LockInstance {
    const event = this.lock(name, { kind: 'event' });
    this.clock.add(event);
    return event;
  }

  /**
   * A new kind of lock. What is not said of it is as with a mutex.
   * @throws TypeError if a part of it is wrong, or the name is taken
   */
  kind(definition: KindDefinition): void {
    this.#registry.kind(definition);
  }

  /**
   * A new context: something that can interrupt owners.
   * @throws TypeError if a part of it is wrong, or the name is taken
   */
  context(definition: ContextDefinition): { readonly name: string } {
    return this.#registry.context(definition);
  }

  /**
   * Declares that locks of these classes are taken in this order. The first acquire against it is reported; so is what was seen before.
   * @throws TypeError for fewer than two names
   * @throws Error if it contradicts what was declared before
   * @throws LockdepError under the `throw` policy, after it is declared
   */
  order(...names: readonly string[]): void {
    this.#registry.order(names);
    this.during(() => this.judge(DECLARATION_RULES, { names }));
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
    this.#registry.checkContexts();
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
    if (owner === undefined) {
      throw new Error('no owner is known here: use ld.owner(name), or run the program under `lockdep run`');
    }
    return owner;
  }

  /** The owner whose `run()` is running, if there is one. */
  get running(): Owner | undefined {
    return this.#running;
  }

  runAs<Result>(owner: OwnerRef, work: () => Result): Result {
    if (typeof work !== 'function') {
      throw new TypeError(`work: expected a function, got ${shown(work)}`);
    }
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

  subclassOf(base: LockClass, level: number): LockClass {
    return this.#registry.subclassOf(base, level);
  }

  classNamed(name: string, like: LockClass): LockClass {
    return this.#registry.classNamed(name, like);
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
    return [...this.sources].map((source) => source.current()).find((owner) => owner !== undefined);
  }

  #somebody(): Owner {
    return this.#running ?? new Owner(this, { id: 0, name: 'somebody' });
  }

  #unowned(lock: LockInstance, act: 'taken' | 'released', caller: unknown): void {
    checkLock(this.state.classes, lock);
    this.during(() => this.judge(UNOWNED_RULES, { lock, act, site: captureSite(caller) }));
  }
}

function checkOwner(owner: unknown): void {
  if (!(owner instanceof Owner)) {
    throw new TypeError(`owner: expected an owner made by this checker's owner(), got ${shown(owner)}`);
  }
}

/** A new checker with its own graph. */
export const createLockdep = (options?: LockdepOptions): Lockdep => new Lockdep(options);
