/**
 * The conductor: event → rules → record → policy. No rule stands here, and no owner: each event says who holds what.
 * An internal failure switches the checker off, loudly; the program runs on, and the verdict is "could not check".
 */

import { Guard } from './failure.ts';
import { Findings, type News } from './findings.ts';
import type { GraphlibGraph } from './graph/digraph.ts';
import type { LockKind } from './model/kind.ts';
import type { OwnerRef } from './model/owner.ts';
import type { Snapshot, SnapshotAdapter, SnapshotProcess } from './model/snapshot.ts';
import type { Violation } from './model/violation.ts';
import {
  type ClassSource,
  capacityOf,
  checkName,
  checkObject,
  checkOptions,
  kindNamed,
  type LockdepOptions,
  type LockOptions,
} from './options.ts';
import { Owner, type OwnerSource } from './owner.ts';
import { type Policy, policyOf } from './policy.ts';
import { record } from './record.ts';
import { ACQUIRE_RULES, type Rule } from './rules/index.ts';
import { graphOf, snapshotOf } from './snapshot.ts';
import type { Attempt } from './state/attempt.ts';
import type { ChainNode } from './state/chains.ts';
import type { LockClass, LockInstance } from './state/classes.ts';
import type { HeldLock } from './state/held.ts';
import { firstFrame } from './state/site.ts';
import { State } from './state/state.ts';

/** A checker: one class graph, its owners and its findings. */
export class Lockdep {
  /** For the floors above. */
  readonly state: State;
  readonly sites: 'new' | 'all';
  /** What the watching side knows and the engine does not. */
  readonly adapters: SnapshotAdapter[] = [];
  readonly sources: Set<OwnerSource> = new Set();
  /** Sentences that a reader of the findings must know. */
  readonly notes: string[] = [];
  /** Called after each new class, dependency and violation. */
  onNews: () => void = () => {};
  /** What was seen and then disproved by what the program did. */
  refuted = 0;
  #policy: Policy;
  readonly #guard = new Guard();
  readonly #findings: Findings;
  readonly #owners = new Map<string, Owner>();
  #ownerCount = 0;

  constructor(options: LockdepOptions = {}) {
    checkOptions(options);
    const { profile = 'default', sites = 'new' } = options;
    this.#policy = policyOf(options.onViolation ?? 'collect');
    this.sites = sites;
    this.state = new State({
      profile,
      process: options.process ?? '0',
      resolver: this.#guard.safe(options.resolver ?? firstFrame, null),
      now: this.#guard.safe(options.now ?? Date.now, 0),
      chainLimit: options.chainLimit ?? 1 << 20,
      instanceLimit: 100_000,
    });
    this.#findings = new Findings(this.state);
  }

  /** Every distinct defect so far, in the order in which they were found, with its count. */
  get violations(): readonly Violation[] {
    return this.#findings.reported;
  }

  /** Cycles that cannot block as far as was seen: two of their steps were only ever taken under the same lock. */
  get quiet(): readonly Violation[] {
    return this.#findings.guarded;
  }

  /** Why the checker gave up, or `null`. */
  get failure(): string | null {
    return this.#guard.failure;
  }

  get ownerCount(): number {
    return this.#ownerCount;
  }

  /**
   * A new lock. The name names the class: two calls with one name give two instances of one class.
   * @throws TypeError if the kind is unknown, is another one than the class has, or the capacity is no positive number
   */
  lock(name: string, options: LockOptions = {}): LockInstance {
    checkName('name', name);
    checkObject('options', options);
    return this.lockOf({ key: name, identity: () => ({ key: name, name }) }, options);
  }

  /** A new lock of the class that `source` stands for. */
  lockOf(source: ClassSource, options: LockOptions = {}): LockInstance {
    const kind = kindNamed(options.kind === undefined ? 'mutex' : options.kind);
    const capacity = capacityOf(kind, options.capacity);
    const known = this.state.classes.find(source.key);
    if (known !== undefined && known.kind !== kind) {
      throw new TypeError(`class '${known.ref.name}' is of kind '${known.kind.name}', not '${kind.name}'`);
    }
    const lockClass = known ?? this.#newClass(source, { kind, capacity });
    return this.state.classes.instantiate(lockClass, capacity);
  }

  /** The owner with this name; one and the same until it exits. */
  owner(name: string): Owner {
    checkName('name', name);
    const known = this.#owners.get(name);
    if (known !== undefined) {
      return known;
    }
    const owner = new Owner(this, { id: this.nextOwnerId(), name });
    this.#owners.set(name, owner);
    return owner;
  }

  /** Forgets an owner that has exited. */
  forget(owner: Owner): void {
    if (this.#owners.get(owner.name) === owner) {
      this.#owners.delete(owner.name);
    }
  }

  nextOwnerId(): number {
    return ++this.#ownerCount;
  }

  /**
   * The owner of the running flow.
   * @throws Error where owners are not tracked
   */
  currentOwner(): OwnerRef & { readonly held: readonly unknown[] } {
    for (const source of this.sources) {
      const owner = source.current();
      if (owner !== undefined) {
        return owner;
      }
    }
    throw new Error('no owner is known here: use ld.owner(name), or run the program under `lockdep run`');
  }

  /** Everybody who holds this lock. Walks all owners: for reports only. */
  holdersOf(lock: LockInstance): HeldLock[] {
    const explicit = [...this.#owners.values()].flatMap((owner) => owner.entries());
    const tracked = [...this.sources].flatMap((source) => source.holders(lock));
    return [...explicit, ...tracked].filter((held) => held.lock === lock);
  }

  /** The known step from `chain`, if it needs no judgement; it is counted. No allocation. */
  known(chain: ChainNode, key: number, lock: LockInstance, owner: OwnerRef): ChainNode | undefined {
    const node = chain.next.get(key);
    if (node === undefined || node.slow || node.class !== lock.class || !(node.shared || node.owner === owner)) {
      return undefined;
    }
    node.hits++;
    return node;
  }

  /**
   * Judges and records a step that is not known, or must be judged each time.
   * @returns the chain that ends with the new lock
   * @throws LockdepError under the `throw` policy; nothing was recorded but the violation
   */
  step(chain: ChainNode, attempt: Attempt): ChainNode {
    const broke = this.judge(ACQUIRE_RULES, attempt, attempt.isRetaken);
    const recorded = this.guarded(() => record(this.state, { chain, attempt, broke }));
    if (recorded?.opensGates) {
      this.#report(this.guarded(() => this.#findings.promote()) ?? []);
    }
    if (recorded?.isNew) {
      this.#news();
    }
    return recorded?.node ?? chain;
  }

  /**
   * Runs rules over one event and hands what they find to the policy. True if any rule was broken.
   * @param isOld whether the event was judged before: then only what it has not shown before is told
   */
  judge<Event>(rules: readonly Rule<Event>[], event: Event, isOld = false): boolean {
    const found = this.guarded(() => rules.flatMap((rule) => rule(this.state, event))) ?? [];
    if (this.failure !== null) {
      return false;
    }
    // Two ways to one defect in one event are one sighting.
    const distinct = new Map(found.map((violation) => [violation.fingerprint, violation]));
    this.#report([...distinct.values()].flatMap((violation) => this.#findings.add(violation, isOld) ?? []));
    return found.length > 0;
  }

  /** Runs a piece of the checker. If it fails the checker is off from then on. */
  guarded<Result>(work: () => Result): Result | undefined {
    return this.#guard.run(work);
  }

  /** Switches the checker off because of an internal failure, and says so once. */
  fail(error: unknown): void {
    this.#guard.fail(error);
  }

  /** What was seen, as JSON data. */
  snapshot(process?: Partial<SnapshotProcess>): Snapshot {
    return snapshotOf(this, process ?? {});
  }

  /** The class graph as a graphlib Graph. Labels carry the class keys; node ids are `c0`, `c1`, … */
  graph(): GraphlibGraph {
    return graphOf(this.state);
  }

  #newClass(source: ClassSource, { kind, capacity }: { kind: LockKind; capacity: number }): LockClass {
    const added = this.state.classes.add(source.key, {
      kind,
      capacity,
      identity: this.#guard.safe(source.identity, { key: source.key, name: source.key }),
    });
    this.state.dependencies.addClass();
    this.#news();
    return added;
  }

  #news(): void {
    this.guarded(() => this.onNews());
  }

  #report(news: readonly News[]): void {
    if (news.some(({ isNew }) => isNew)) {
      this.#news();
    }
    for (const { violation, isNew } of news) {
      this.#policy.handle(violation, isNew);
    }
  }
}

/** A new checker with its own graph. */
export const createLockdep = (options?: LockdepOptions): Lockdep => new Lockdep(options);
