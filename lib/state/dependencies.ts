/**
 * The class graph: B was asked for while A was held. Every dependency keeps who saw it first, and where.
 * A known dependency costs one look-up; one that closes a strong cycle is kept here as refused, and stays out of the
 * order, so that work goes on.
 */
import { EdgeKind, PortedOrder } from '../graph/ported.ts';
import type { DependencyKind, Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { LockClass } from './classes.ts';
import { commonGates, type Gates } from './gates.ts';
import type { RawSite } from './site.ts';

/** One way in which a dependency was seen, before its sites are resolved. */
export interface RawWitness {
  readonly kind: DependencyKind;
  readonly owner: OwnerRef;
  readonly taken: RawSite | null;
  readonly asked: RawSite | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What it was seen under. */
  readonly gates: Gates;
}

/** `to` was asked for while `from` was held. */
export class Dependency {
  readonly from: LockClass;
  readonly to: LockClass;
  /** The first witness of each kind, and the first one of a second owner. */
  readonly witnesses: RawWitness[] = [];
  /** What all witnesses were under; those that added nothing else count too. */
  gates: Gates | undefined;
  /** The chains whose last step proves this dependency; their hits are its count. */
  readonly chains: Set<{ readonly hits: number }> = new Set();
  /** True if it broke a rule that looks at new dependencies only: then it is judged each time, so that the finding is counted. */
  broke = false;

  constructor(from: LockClass, to: LockClass) {
    this.from = from;
    this.to = to;
  }

  /** How often it was seen by steps that are not remembered. */
  otherHits = 0;

  /** How often it was seen. */
  get count(): number {
    let hits = this.otherHits;
    for (const chain of this.chains) {
      hits += chain.hits;
    }
    return Math.max(hits, 1);
  }

  hasKind(kind: DependencyKind): boolean {
    return this.witnesses.some((witness) => witness.kind === kind);
  }

  /** Takes a witness of a new kind, or of a second owner; others add nothing. */
  witness(witness: RawWitness): void {
    this.gates = this.gates === undefined ? witness.gates : commonGates(this.gates, witness.gates);
    const other = this.witnesses.every((known) => known.owner !== witness.owner);
    if (!this.hasKind(witness.kind) || (other && this.isOfOneOwner)) {
      this.witnesses.push(witness);
    }
  }

  get isOfOneOwner(): boolean {
    return this.witnesses.every((known) => known.owner === this.witnesses[0]?.owner);
  }
}

/** The kind of the dependency between a lock held in one mode and a lock wanted in another. */
export function dependencyKind(held: Mode, wanted: Mode): DependencyKind {
  return `${held === 'exclusive' ? 'E' : 'S'}${wanted === 'recursive-shared' ? 'R' : 'N'}`;
}

/** A dependency as a step of a cycle, in the kind that makes the cycle strong. */
export interface CycleStep {
  readonly dependency: Dependency;
  readonly kind: DependencyKind;
}

const KINDS: readonly DependencyKind[] = ['EN', 'ER', 'SN', 'SR'];

function kindOf(bit: number): DependencyKind {
  return KINDS.find((kind) => EdgeKind[kind] === bit) ?? 'EN';
}

export class DependencyTable {
  readonly #order = new PortedOrder();
  readonly #from: Map<number, Dependency>[] = [];
  readonly #to: Dependency[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Makes room for a class with the next id. */
  addClass(): void {
    this.#order.addNode();
    this.#from.push(new Map());
    this.#to.push([]);
  }

  /** What was asked for while a lock of this class was held, refused or not. */
  successors(from: LockClass): Iterable<Dependency> {
    return this.#from[from.id]?.values() ?? [];
  }

  /** What was held while a lock of this class was asked for, refused or not. */
  predecessors(to: LockClass): readonly Dependency[] {
    return this.#to[to.id] ?? [];
  }

  /** True if there is nothing to tell of this dependency in this kind: it was seen before and broke no rule. */
  isOld(from: LockClass, to: LockClass, kind: DependencyKind): boolean {
    const known = this.find(from, to);
    return known?.hasKind(kind) === true && !known.broke;
  }

  find(from: LockClass, to: LockClass): Dependency | undefined {
    return this.#from[from.id]?.get(to.id);
  }

  /** What leads back in the shortest strong cycle that this one would close or closes already, in forward order. */
  cycle(from: LockClass, to: LockClass, kind: DependencyKind): readonly CycleStep[] | undefined {
    const steps = this.#order.cycleThrough(from.id, to.id, EdgeKind[kind]);
    return steps?.slice(1).map((step) => {
      const dependency = this.#from[step.from]?.get(step.to);
      if (dependency === undefined) {
        throw new Error(`the order knows a dependency ${step.from} → ${step.to} that the table does not`);
      }
      return { dependency, kind: kindOf(step.kind) };
    });
  }

  /** True if the order has accepted this dependency in this kind: it was proved to close no cycle. */
  isProved(from: LockClass, to: LockClass, kind: DependencyKind): boolean {
    return (this.#order.kinds(from.id, to.id) & EdgeKind[kind]) !== 0;
  }

  /** Records what was seen. A dependency that closes a cycle is remembered, and kept out of the order. */
  record(from: LockClass, to: LockClass, witness: RawWitness): Dependency {
    const known = this.find(from, to);
    const dependency = known ?? new Dependency(from, to);
    if (known === undefined) {
      this.#size++;
      this.#from[from.id]?.set(to.id, dependency);
      this.#to[to.id]?.push(dependency);
    }
    dependency.witness(witness);
    this.#order.insert(from.id, to.id, EdgeKind[witness.kind]);
    return dependency;
  }

  *[Symbol.iterator](): Iterator<Dependency> {
    for (const successors of this.#from) {
      yield* successors.values();
    }
  }
}
