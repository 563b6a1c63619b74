/**
 * The class graph: B was asked for while A was held. Every dependency keeps who saw it first, and where.
 * A known dependency costs one look-up; one that closes a strong cycle is kept here as refused, and stays out of the
 * order, so that work goes on.
 */
import { EdgeKind, PortedOrder } from '../graph/ported.ts';
import type { DependencyKind, Mode } from '../model/lock.ts';
import type { LockClass } from './classes.ts';
import { Dependency, type RawWitness } from './dependency.ts';

export { Dependency, type RawWitness };

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

/** A dependency and how it was seen. */
export interface Seen {
  readonly dependency: Dependency;
  readonly witness: RawWitness;
  /** True if nobody saw it in this kind before. */
  readonly isNew: boolean;
}

/** What another checker saw. */
export interface Foreign {
  readonly witness: RawWitness;
  /** Whether it broke a rule there that looks at new dependencies only. */
  readonly broke: boolean;
}

export class DependencyTable {
  readonly #order = new PortedOrder();
  readonly #from: Map<number, Dependency>[] = [];
  readonly #to: Dependency[][] = [];
  #size = 0;
  /** What other checkers are not told of yet; `null` where nobody is to be told. */
  fresh: Seen[] | null = null;

  /** How many this checker saw itself. */
  get size(): number {
    return this.#size;
  }

  /** Makes room for a class with this id: the next one, or one that is there already. */
  addClass(id: number = this.#to.length): void {
    while (this.#to.length <= id) {
      this.#order.addNode();
      this.#from.push(new Map());
      this.#to.push([]);
    }
  }

  /** What was asked for while a lock of this class was held, refused or not. */
  successors(from: LockClass): Iterable<Dependency> {
    return this.#from[from.id]?.values() ?? [];
  }

  /** What was held while a lock of this class was asked for, refused or not. */
  predecessors(to: LockClass): readonly Dependency[] {
    return this.#to[to.id] ?? [];
  }

  /** True if there is nothing to tell of this dependency in this kind: it was seen here before and broke no rule. */
  isOld(from: LockClass, to: LockClass, kind: DependencyKind): boolean {
    const known = this.find(from, to);
    return known?.own.some((witness) => witness.kind === kind) === true && !known.broke && !known.isWithdrawn;
  }

  /** The same, wherever it was seen. */
  isOldAnywhere(from: LockClass, to: LockClass, kind: DependencyKind): boolean {
    const known = this.find(from, to);
    return known?.hasKind(kind) === true && !known.broke && !known.isWithdrawn;
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
    const dependency = this.find(from, to) ?? this.#add(new Dependency(from, to));
    if (dependency.own.length === 0) {
      this.#size++;
    }
    const isNew = !dependency.hasKind(witness.kind);
    if (dependency.witness(witness)) {
      this.fresh?.push({ dependency, witness, isNew });
    }
    this.#order.insert(from.id, to.id, EdgeKind[witness.kind]);
    return dependency;
  }

  /** Records what another checker saw. It counts for nothing but the order, and as a witness. */
  import(from: LockClass, to: LockClass, { witness, broke }: Foreign): void {
    const dependency = this.find(from, to) ?? this.#add(new Dependency(from, to));
    dependency.broke ||= broke;
    dependency.witness(witness);
    this.#order.insert(from.id, to.id, EdgeKind[witness.kind]);
  }

  /** Takes these out of the order, as if they had not been seen yet. What else was seen of the same two classes stays. */
  withdraw(seen: readonly Seen[]): void {
    const withdrawn = new Map<Dependency, number>();
    for (const { dependency, witness } of seen.filter(({ isNew }) => isNew)) {
      withdrawn.set(dependency, (withdrawn.get(dependency) ?? 0) | EdgeKind[witness.kind]);
    }
    for (const [dependency, kinds] of withdrawn) {
      const [from, to] = [dependency.from.id, dependency.to.id];
      const left = this.#order.kinds(from, to) & ~kinds;
      dependency.isWithdrawn = true;
      this.#order.remove(from, to);
      for (const kind of KINDS.filter((one) => (left & EdgeKind[one]) !== 0)) {
        this.#order.insert(from, to, EdgeKind[kind]);
      }
    }
  }

  /** Puts one of them back, or finds that it is refused by now: then nothing is proved by it any more. */
  restore({ dependency, witness, isNew }: Seen): void {
    if (!isNew) {
      return;
    }
    dependency.isWithdrawn = false;
    if (this.#order.insert(dependency.from.id, dependency.to.id, EdgeKind[witness.kind]) === 'cycle') {
      dependency.distrust();
    }
  }

  #add(dependency: Dependency): Dependency {
    const { from, to } = dependency;
    this.#from[from.id]?.set(to.id, dependency);
    this.#to[to.id]?.push(dependency);
    return dependency;
  }

  *[Symbol.iterator](): Iterator<Dependency> {
    for (const successors of this.#from) {
      yield* successors.values();
    }
  }
}
