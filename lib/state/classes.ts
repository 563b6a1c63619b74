/**
 * Lock classes and their instances. The rules decide over classes; an instance matters only where a rule says so.
 */
import type { LockKind } from '../model/kind.ts';
import type { ClassRef } from '../model/lock.ts';

const STEPS_PER_CLASS = 8;

/** What a class says of itself when somebody has to read it. Found late: it may have to read source files. */
export interface ClassIdentity {
  readonly key: string;
  readonly name: string;
  readonly site?: ClassRef['site'];
}

/** All locks that obey the same rules: a node of the class graph. */
export class LockClass {
  /** Node number in the class graph. */
  readonly id: number;
  /** The key of its exclusive step in the trie of chains; the other modes follow it. */
  readonly step: number;
  readonly kind: LockKind;
  /** Largest number of units that any instance has. */
  capacity: number;
  instances = 0;
  /** Steps that rely on the class having one lock only. */
  readonly gatedSteps: Set<{ slow: boolean }> = new Set();
  #identity: ClassIdentity | (() => ClassIdentity);

  constructor(id: number, kind: LockKind, capacity: number, identity: ClassIdentity | (() => ClassIdentity)) {
    this.id = id;
    this.step = id * STEPS_PER_CLASS;
    this.kind = kind;
    this.capacity = capacity;
    this.#identity = identity;
  }

  /** The class as data. */
  get ref(): ClassRef {
    if (typeof this.#identity === 'function') {
      this.#identity = this.#identity();
    }
    const { key, name, site } = this.#identity;
    const ref = { key, name, kind: this.kind.name, capacity: this.capacity };
    return site === undefined ? ref : { ...ref, site };
  }
}

/** One lock object. */
export class LockInstance {
  readonly id: number;
  readonly class: LockClass;
  /** Units there are to hold; 1 unless the kind counts. */
  capacity: number;

  constructor(id: number, lockClass: LockClass, capacity: number) {
    this.id = id;
    this.class = lockClass;
    this.capacity = capacity;
  }

  get name(): string {
    return this.class.ref.name;
  }
}

export interface NewClass {
  readonly kind: LockKind;
  readonly capacity: number;
  readonly identity: ClassIdentity | (() => ClassIdentity);
}

/** All classes of one checker, found by what makes two instances one class: a declared name or a creation site. */
export class ClassTable {
  /** By class id. */
  readonly all: LockClass[] = [];
  readonly #byKey = new Map<string, LockClass>();
  #instances = 0;

  get instanceCount(): number {
    return this.#instances;
  }

  find(key: string): LockClass | undefined {
    return this.#byKey.get(key);
  }

  /** Adds a class under a key that is not taken yet; its id is the next integer from 0. */
  add(key: string, { kind, capacity, identity }: NewClass): LockClass {
    const added = new LockClass(this.all.length, kind, capacity, identity);
    this.all.push(added);
    this.#byKey.set(key, added);
    return added;
  }

  instantiate(lockClass: LockClass, capacity: number): LockInstance {
    lockClass.instances++;
    if (lockClass.instances === 2) {
      for (const step of lockClass.gatedSteps) {
        step.slow = true;
      }
    }
    lockClass.capacity = Math.max(lockClass.capacity, capacity);
    return new LockInstance(this.#instances++, lockClass, capacity);
  }
}
