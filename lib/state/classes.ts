/**
 * Lock classes and their instances. The rules decide over classes; an instance matters only where a rule says so.
 */
import type { LockKind } from '../model/kind.ts';
import type { ClassRef, Mode } from '../model/lock.ts';
import type { Context, Situation } from './contexts.ts';
import type { RawSite } from './site.ts';

const STEPS_PER_CLASS = 8;

/** What a class says of itself when somebody has to read it. Found late: it may have to read source files. */
export interface ClassIdentity {
  readonly key: string;
  readonly name: string;
  readonly site?: ClassRef['site'];
}

/** What is declared of a class beside its kind. */
export interface ClassTraits {
  /** Its place in the order of levels, where it has one. */
  readonly level: number | null;
  /** Below 0 where `wanted` may be taken while `held` is; `null` where no order over the instances is declared. */
  readonly compare: ((held: LockInstance, wanted: LockInstance) => number) | null;
  /** Whether its holder may take a lock again without waiting. */
  readonly reentrant: boolean;
  /** Whether its plain readers are recursive ones. */
  readonly recursiveReaders: boolean;
  /** The contexts that are disabled as long as a lock of the class is held. */
  readonly inhibits: readonly Context[];
  /** Whether no more than one reader at a time can be on the way to become the writer. */
  readonly upgradable: boolean;
  /** Whether those alone who took units of it may give them back. */
  readonly owned: boolean;
  /** Milliseconds that a lock of the class may be held, where that is limited. */
  readonly maxHoldMs: number | null;
}

export const NO_TRAITS: ClassTraits = {
  level: null,
  compare: null,
  reentrant: false,
  recursiveReaders: false,
  inhibits: [],
  upgradable: false,
  owned: false,
  maxHoldMs: null,
};

/** All locks that obey the same rules: a node of the class graph. */
export class LockClass {
  /** Node number in the class graph. */
  readonly id: number;
  /** The key of its exclusive step in the trie of chains; the other modes follow it. */
  readonly step: number;
  kind: LockKind;
  traits: ClassTraits;
  /** Largest number of units that any instance has. */
  capacity: number;
  instances = 0;
  /** True where the class has more locks than were made for it. */
  isOpen = false;
  /** True as long as only other checkers use it: the first use here declares it anew. */
  isForeign: boolean;
  /** The class that this is a subclass of, `null` for one of its own. */
  readonly base: LockClass | null;
  /** By subclass, from 1. */
  readonly subclasses: Map<number, LockClass> = new Map();
  /** Steps that rely on the class having one lock only. */
  readonly gatedSteps: Set<{ slow: boolean }> = new Set();
  #identity: ClassIdentity | (() => ClassIdentity);

  constructor(id: number, { kind, capacity, identity, traits = NO_TRAITS, base = null, isForeign = false }: NewClass) {
    this.id = id;
    this.step = id * STEPS_PER_CLASS;
    this.kind = kind;
    this.traits = traits;
    this.base = base;
    this.capacity = capacity;
    this.isForeign = isForeign;
    this.#identity = identity;
  }

  /** Is declared here, after other checkers used it: what is said here counts. */
  adopt({ kind, capacity, identity, traits = NO_TRAITS }: NewClass): void {
    this.isForeign = false;
    this.#identity = identity;
    for (const one of [this, ...this.subclasses.values()]) {
      one.kind = kind;
      one.traits = traits;
      one.capacity = capacity;
    }
  }

  /** True where the plain way to take a lock of this class has more to it than a step of the chain. */
  get isSpecial(): boolean {
    return this.kind.readers === 'always' || this.traits.inhibits.length > 0;
  }

  /** True where any owner may give back what another took. */
  get isShared(): boolean {
    return this.kind.counting && !this.traits.owned;
  }

  /** What a mode that was asked for is in a situation: the kind says which readers a waiting writer stops. */
  modeIn(asked: Mode, situation: Situation): Mode {
    const { readers } = this.kind;
    if (readers === 'always') {
      return 'recursive-shared';
    }
    if (asked === 'exclusive' || readers === 'as-asked') {
      return asked;
    }
    const isRecursive = readers === 'interrupt' && (asked === 'recursive-shared' || situation.isInterrupt);
    return isRecursive || this.traits.recursiveReaders ? 'recursive-shared' : 'shared';
  }

  get ref(): ClassRef {
    if (typeof this.#identity === 'function') {
      this.#identity = this.#identity();
    }
    const { key, name, site } = this.#identity;
    const ref = { key, name, kind: this.kind.name, capacity: this.capacity };
    return site === undefined ? ref : { ...ref, site };
  }
}

export type Lifetime = 'ready' | 'uninitialised' | 'destroyed';

/** Where a lock was taken and released. */
export interface LastUse {
  readonly site: RawSite | null;
  readonly released: RawSite | null;
}

/** One lock object. */
export class LockInstance {
  readonly id: number;
  /** Units there are to hold; 1 unless the kind counts. */
  capacity: number;
  /** What its owner knows of it, for the comparison that its class declares. */
  readonly data: unknown;
  /** The key of its plain step in the trie of chains; no step is ever known by -1. */
  step: number;
  /** When it was last released. */
  last: LastUse | null = null;
  /** Where it was destroyed. */
  destroyed: RawSite | null = null;
  /** Which of the locks of its class it stands for, where they have keys. */
  key: string | null = null;
  /** What it is known by in all threads, where several share it; `null` for a lock of this thread alone. */
  identity: string | null = null;
  /** What the tracker of async flows keeps of it. */
  tracked: object | null = null;
  #class: LockClass;
  #lifetime: Lifetime = 'ready';

  constructor(id: number, lockClass: LockClass, { capacity, data = undefined }: { capacity: number; data?: unknown }) {
    this.id = id;
    this.#class = lockClass;
    this.capacity = capacity;
    this.data = data;
    this.step = this.#plainStep();
  }

  get class(): LockClass {
    return this.#class;
  }

  set class(lockClass: LockClass) {
    this.#class = lockClass;
    this.step = this.#plainStep();
  }

  get lifetime(): Lifetime {
    return this.#lifetime;
  }

  set lifetime(lifetime: Lifetime) {
    this.#lifetime = lifetime;
    this.step = this.#plainStep();
  }

  get name(): string {
    return this.class.ref.name;
  }

  toJSON(): { readonly name: string; readonly kind: string } {
    return { name: this.name, kind: this.class.kind.name };
  }

  #plainStep(): number {
    return this.#lifetime === 'ready' && !this.#class.isSpecial ? this.#class.step : -1;
  }
}

// What Node prints of it.
Object.defineProperty(LockInstance.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: LockInstance) {
    return `Lock '${this.name}' (${this.class.kind.name})`;
  },
});

export interface NewClass {
  readonly kind: LockKind;
  readonly capacity: number;
  readonly identity: ClassIdentity | (() => ClassIdentity);
  readonly traits?: ClassTraits;
  readonly base?: LockClass | null;
  readonly isForeign?: boolean;
}
