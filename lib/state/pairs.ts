/**
 * Which cycles can really block, where some of their steps are only ever gone under a lock that keeps others out.
 * The class graph links a new lock to the nearest holder only; that is enough to find cycles, and too little to judge them: an
 * owner that goes two steps of a cycle at once is one step for whoever waits for it. So this table has a pair for each
 * held lock. It is looked at when a cycle was found, never on the way to one.
 */
import type { DependencyKind } from '../model/lock.ts';
import type { Attempt } from './attempt.ts';
import type { LockClass, LockInstance } from './classes.ts';
import { Dependency, dependencyKind, type RawWitness } from './dependencies.ts';
import { commonGates, type Gates, gatesOf, isGated } from './gates.ts';
import { type HeldLock, takenAt } from './held.ts';
import { holdersBelow } from './links.ts';

/** A search is given up after so many steps: a cycle that could not be judged counts as one that can block. */
const LONGEST_SEARCH = 20_000;

/** One step of a cycle that can block. */
export interface OpenStep {
  readonly from: LockClass;
  readonly to: LockClass;
  readonly kind: DependencyKind;
  readonly gates: Gates;
}

export class PairTable {
  readonly #from = new Map<LockClass, Map<LockClass, Dependency>>();
  /** The pairs that other checkers are to be told of; `null` where nobody is. */
  fresh: Set<Dependency> | null = null;

  find(from: LockClass, to: LockClass): Dependency | undefined {
    return this.#from.get(from)?.get(to);
  }

  /**
   * Records what an acquire was asked for under.
   * @returns the pairs, and whether any is new, has a new kind, or was seen without a gate for the first time
   */
  record(attempt: Attempt, at: number): { readonly pairs: readonly Dependency[]; readonly isNews: boolean } {
    let isNews = false;
    const pairs = pairsOf(attempt).map(({ from, to, kind, gates, holder }) => {
      const known = this.find(from, to);
      const pair = known ?? new Dependency(from, to);
      const isOpener = this.#witness(pair, {
        kind,
        owner: attempt.owner,
        taken: takenAt(holder),
        asked: attempt.site,
        at,
        gates,
      });
      const crosses = isShared(holder.lock) && isShared(attempt.lock);
      if (isOpener || (crosses && !pair.crosses)) {
        this.fresh?.add(pair);
      }
      pair.crosses ||= crosses;
      isNews ||= isOpener;
      return pair;
    });
    return { pairs, isNews };
  }

  /** Records what another checker saw. */
  import(from: LockClass, to: LockClass, witness: RawWitness): void {
    this.#witness(this.find(from, to) ?? new Dependency(from, to), witness);
  }

  *[Symbol.iterator](): Iterator<Dependency> {
    for (const pairs of this.#from.values()) {
      yield* pairs.values();
    }
  }

  /** @returns whether the pair is new, has a new kind, or was seen without a gate for the first time */
  #witness(pair: Dependency, witness: RawWitness): boolean {
    const isNew = !pair.hasKind(witness.kind);
    const before = pair.gates?.size;
    pair.witness(witness);
    if (before === undefined) {
      this.#add(pair);
    }
    return isNew || before !== pair.gates?.size;
  }

  /**
   * A strong cycle through one of the classes of which no two steps exclude each other, in forward order.
   * @param attempt an acquire that is not recorded yet, and counts as if it were
   * @returns `undefined` if there is none, an empty list if the search was given up
   */
  openCycle(classes: readonly LockClass[], attempt?: Attempt): readonly OpenStep[] | undefined {
    const search = new Search((from) => this.#steps(from, attempt === undefined ? [] : pairsOf(attempt)));
    for (const start of classes) {
      const cycle = search.from(start);
      if (cycle !== undefined) {
        return cycle;
      }
    }
    return undefined;
  }

  #add(pair: Dependency): void {
    const known = this.#from.get(pair.from);
    if (known === undefined) {
      this.#from.set(pair.from, new Map([[pair.to, pair]]));
    } else {
      known.set(pair.to, pair);
    }
  }

  #steps(from: LockClass, now: readonly OpenStep[]): OpenStep[] {
    const steps = now.filter((step) => step.from === from).map((step) => this.#withKnown(step));
    for (const [to, { gates = new Map(), witnesses }] of this.#from.get(from) ?? []) {
      const asked = now.find((step) => step.from === from && step.to === to);
      const common = asked === undefined ? gates : commonGates(gates, asked.gates);
      for (const kind of new Set(witnesses.map((witness) => witness.kind))) {
        steps.push({ from, to, kind, gates: common });
      }
    }
    return steps;
  }

  #withKnown({ from, to, kind, gates }: OpenStep): OpenStep {
    const known = this.find(from, to)?.gates;
    return { from, to, kind, gates: known === undefined ? gates : commonGates(known, gates) };
  }
}

function isShared({ identity }: LockInstance): boolean {
  return identity !== null;
}

function pairsOf(attempt: Attempt): (OpenStep & { readonly holder: HeldLock })[] {
  const { held, class: to, mode } = attempt;
  return holdersBelow(attempt).map((holder) => {
    const kind = dependencyKind(holder.mode, mode);
    return { from: holder.class, to, kind, gates: gatesOf(held, holder), holder };
  });
}

/** Depth first, over classes that are not on the way yet, with an own stack. */
class Search {
  readonly #stepsFrom: (from: LockClass) => OpenStep[];
  #left = LONGEST_SEARCH;

  constructor(stepsFrom: (from: LockClass) => OpenStep[]) {
    this.#stepsFrom = stepsFrom;
  }

  from(start: LockClass): readonly OpenStep[] | undefined {
    const way: OpenStep[] = [];
    const open: OpenStep[][] = [this.#stepsFrom(start)];
    while (open.length > 0) {
      const step = open.at(-1)?.pop();
      if (step === undefined) {
        open.pop();
        way.pop();
        continue;
      }
      if (this.#left-- <= 0) {
        return [];
      }
      if (!fits(way, step)) {
        continue;
      }
      if (step.to === start) {
        if (follows(step, way[0] ?? step)) {
          return [...way, step];
        }
      } else if (!way.some((one) => one.from === step.to)) {
        way.push(step);
        open.push(this.#stepsFrom(step.to));
      }
    }
    return undefined;
  }
}

function fits(way: readonly OpenStep[], step: OpenStep): boolean {
  const last = way.at(-1);
  return (last === undefined || follows(last, step)) && !way.some((one) => isGated([one.gates, step.gates]));
}

// A path is strong unless somebody arrives as a recursive reader where the next one is held by a reader.
function follows(first: OpenStep, second: OpenStep): boolean {
  return !(first.kind.endsWith('R') && second.kind.startsWith('S'));
}
