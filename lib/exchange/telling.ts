/**
 * What this checker saw, as data for the others. A place is resolved when it is told: about 20 µs for each one that nobody has asked for yet.
 * A lock of this thread alone keeps nobody in another thread out. So as a gate it is told by its class, where it is the only one of
 * it, and only of two locks that are not both shared: then whoever waits for whom is in one thread, and there such a lock
 * does keep the others out.
 */
import { resolve } from '../rules/finding.ts';
import type { LockClass } from '../state/classes.ts';
import type { Dependency, Seen } from '../state/dependencies.ts';
import { classKey, type Gates, isAlone } from '../state/gates.ts';
import type { State } from '../state/state.ts';
import type { UsageMark } from '../state/usage.ts';
import type { ClassData, EdgeData, GateData, MarkData, News, PairData } from './records.ts';

/** What others are to be told of. */
export interface Fresh {
  readonly edges: readonly Seen[];
  readonly pairs: readonly Dependency[];
  readonly marks: readonly UsageMark[];
}

export class Teller {
  readonly #state: State;
  readonly #described = new Set<LockClass>();
  #classes: ClassData[] = [];

  constructor(state: State) {
    this.#state = state;
  }

  tell({ edges, pairs, marks }: Fresh): News {
    const told = {
      edges: edges.map((seen) => this.#edge(seen)),
      pairs: pairs.map((pair) => this.#pair(pair)),
      marks: marks.map((mark) => this.#mark(mark)),
    };
    const classes = this.#classes;
    this.#classes = [];
    return { classes, ...told, violations: [] };
  }

  #edge({ dependency: { from, to, broke }, witness }: Seen): EdgeData {
    const { kind, owner, at } = witness;
    const places = { taken: resolve(this.#state, witness.taken), asked: resolve(this.#state, witness.asked) };
    return { from: this.#number(from), to: this.#number(to), kind, owner: owner.name, at, ...places, broke };
  }

  #pair(pair: Dependency): PairData {
    const [from, to] = [this.#number(pair.from), this.#number(pair.to)];
    const [first] = pair.own;
    const kinds = [...new Set(pair.own.map(({ kind }) => kind))];
    const gates = gatesOf(pair.gates ?? new Map(), pair.crosses);
    return { from, to, kinds, gates, owner: first?.owner.name ?? '', at: first?.at ?? 0 };
  }

  #mark({ class: lockClass, context, usage, form, owner, site, broke }: UsageMark): MarkData {
    const where = resolve(this.#state, site);
    const names = { context: context.name, owner: owner.name };
    return { class: this.#number(lockClass), usage, form, ...names, site: where, broke };
  }

  #number(lockClass: LockClass): number {
    if (!this.#described.has(lockClass)) {
      this.#described.add(lockClass);
      this.#describe(lockClass);
    }
    return lockClass.id;
  }

  #describe(lockClass: LockClass): void {
    const { id, kind, capacity, base } = lockClass;
    const { inhibits, compare: _, ...traits } = lockClass.traits;
    const { key, name, site } = lockClass.ref;
    const place = base === null ? {} : { base: this.#number(base), level: levelOf(base, lockClass) };
    const names = inhibits.map((context) => context.name);
    this.#classes.push({ id, key, name, site, kind, capacity, traits, inhibits: names, ...place });
  }
}

function levelOf(base: LockClass, subclass: LockClass): number | undefined {
  return [...base.subclasses].find(([, one]) => one === subclass)?.[0];
}

function gatesOf(gates: Gates, crosses: boolean): GateData[] {
  return [...gates].flatMap(([key, { exclusive }]): GateData[] => {
    if (typeof key === 'string') {
      return [[key, exclusive]];
    }
    return crosses || !isAlone(key) ? [] : [[classKey(key.class.ref.key), exclusive]];
  });
}
