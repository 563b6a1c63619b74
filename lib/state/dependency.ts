/**
 * One edge of the class graph, with how it was seen first. What other checkers saw of it stands beside what this one did, and
 * neither counts as the other.
 */
import type { DependencyKind } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { LockClass } from './classes.ts';
import { commonGates, type Gates } from './gates.ts';
import { PeerOwner } from './peer-owner.ts';
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
  readonly chains: Set<{ readonly hits: number; slow: boolean }> = new Set();
  /** True if it broke a rule that looks at new dependencies only: then it is judged each time, so that the finding is counted. */
  broke = false;
  /** True while it is out of the order, to be judged against what other checkers told of in between. */
  isWithdrawn = false;
  /** For a pair: whether both of its locks were once ones that several threads share. */
  crosses = false;
  #hasForeign = false;

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

  /** What this checker saw itself. */
  get own(): readonly RawWitness[] {
    return this.#hasForeign ? this.witnesses.filter(({ owner }) => !(owner instanceof PeerOwner)) : this.witnesses;
  }

  /**
   * Takes a witness of a new kind, or of a second owner; others add nothing. What this checker sees is weighed against what it saw
   * itself, so that other checkers change nothing of it.
   * @returns whether it says something to a checker that knows all others
   */
  witness(witness: RawWitness): boolean {
    this.gates = this.gates === undefined ? witness.gates : commonGates(this.gates, witness.gates);
    const isForeign = witness.owner instanceof PeerOwner;
    const isNews = addsTo(this.witnesses, witness);
    if (isForeign ? isNews : addsTo(this.own, witness)) {
      this.witnesses.push(witness);
    }
    this.#hasForeign ||= isForeign;
    return isNews;
  }

  get isOfOneOwner(): boolean {
    return this.witnesses.every((known) => known.owner === this.witnesses[0]?.owner);
  }

  /** Has every step that it was proved by judged from here on. */
  distrust(): void {
    for (const chain of this.chains) {
      chain.slow = true;
    }
  }
}

function addsTo(known: readonly RawWitness[], { kind, owner }: RawWitness): boolean {
  const first = known[0]?.owner;
  const isSecond = owner !== first && known.every((one) => one.owner === first);
  return isSecond || !known.some((one) => one.kind === kind);
}
