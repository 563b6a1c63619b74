/**
 * The conductor: event → rules → record → policy. No rule stands here, and no owner: each event says who holds what.
 * An internal failure switches the checker off, loudly; the program runs on, and the verdict is "could not check".
 */

import { describeFailure, say } from './failure.ts';
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
import { ACQUIRE_RULES, type Rule } from './rules/index.ts';
import { graphOf, snapshotOf } from './snapshot.ts';
import { type ChainNode, stepKey } from './state/chains.ts';
import type { LockClass, LockInstance } from './state/classes.ts';
import { dependencyKind } from './state/dependencies.ts';
import { gatesOf } from './state/gates.ts';
import { type HeldLock, takenAt } from './state/held.ts';
import { linkedHolders } from './state/links.ts';
import { firstFrame } from './state/site.ts';
import { type Attempt, State } from './state/state.ts';

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
  #failure: string | null = null;
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
      resolver: this.#safe(options.resolver ?? firstFrame, null),
      now: this.#safe(options.now ?? Date.now, 0),
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
    return this.#failure;
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
    const kind = kindNamed(options.kind ?? 'mutex');
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
    this.#owners.delete(owner.name);
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
    const node = this.guarded(() => this.#record(chain, attempt, broke)) ?? chain;
    this.#report(this.guarded(() => this.#findings.promote()) ?? []);
    return node;
  }

  /**
   * Runs rules over one event and hands what they find to the policy. True if any rule was broken.
   * @param isOld whether the event was judged before: then only what it has not shown before is told
   */
  judge<Event>(rules: readonly Rule<Event>[], event: Event, isOld = false): boolean {
    const found = this.guarded(() => rules.flatMap((rule) => rule(this.state, event))) ?? [];
    this.#report(found.flatMap((violation) => this.#findings.add(violation, isOld) ?? []));
    return found.length > 0;
  }

  /** Runs a piece of the checker. If it fails the checker is off from then on. */
  guarded<Result>(work: () => Result): Result | undefined {
    if (this.#failure !== null) {
      return undefined;
    }
    try {
      return work();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** Switches the checker off because of an internal failure, and says so once. */
  fail(error: unknown): void {
    if (this.#failure === null) {
      this.#failure = describeFailure(error);
      say(`lockdep: internal failure, nothing is checked from here on: ${this.#failure}`);
    }
  }

  /** A function from outside, that fails like a piece of the checker. */
  #safe<Args extends readonly unknown[], Result>(
    work: (...args: Args) => Result,
    otherwise: Result,
  ): (...args: Args) => Result {
    return (...args) => {
      try {
        return work(...args);
      } catch (error) {
        this.fail(error);
        return otherwise;
      }
    };
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
      identity: this.#safe(source.identity, { key: source.key, name: source.key }),
    });
    this.state.dependencies.addClass();
    this.onNews();
    return added;
  }

  #report(news: readonly News[]): void {
    if (news.length > 0) {
      this.onNews();
    }
    for (const { violation, isNew } of news) {
      this.#policy.handle(violation, isNew);
    }
  }

  #count(node: ChainNode, { isCounted = false, isRetaken = false, lock }: Attempt): void {
    if (isCounted || isRetaken) {
      return;
    }
    node.hits++;
    if (!node.isRemembered) {
      this.state.countOther(lock.class);
    }
  }

  #record(chain: ChainNode, attempt: Attempt, broke: boolean): ChainNode {
    const { lock, owner, mode, held } = attempt;
    const { chains, dependencies, instances, now } = this.state;
    const key = stepKey(lock.class, mode, attempt.try);
    const before = dependencies.size;
    const node = chain.next.get(key) ?? chains.add(chain, key, lock.class);
    node.shared ||= node.owner !== null && node.owner !== owner;
    node.owner ??= owner;
    node.site ??= attempt.site;
    this.#count(node, attempt);
    node.dependencies = linkedHolders(attempt).map((holder) => {
      const kind = dependencyKind(holder.mode, mode);
      const gates = gatesOf(held, holder);
      const witness = { kind, owner, taken: takenAt(holder), asked: attempt.site, at: now(), gates };
      const dependency = dependencies.record(holder.lock.class, lock.class, witness);
      if (node.isRemembered) {
        dependency.chains.add(node);
      } else {
        dependency.otherHits++;
      }
      return dependency;
    });
    node.slow = node.repeats || broke || node.mayPassGates();
    for (const holder of attempt.try ? [] : held) {
      if (holder.lock.class === lock.class && holder.lock !== lock) {
        instances.record(holder.lock, lock);
      }
    }
    if (dependencies.size > before) {
      this.onNews();
    }
    return node;
  }
}

/** A new checker with its own graph. */
export const createLockdep = (options?: LockdepOptions): Lockdep => new Lockdep(options);
