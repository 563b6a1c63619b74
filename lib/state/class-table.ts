/**
 * All classes of one checker, and how locks come to them.
 */
import { type ClassIdentity, LockClass, LockInstance, type NewClass } from './classes.ts';

/** The classes, found by what makes two instances one class: a declared name or a creation site. */
export class ClassTable {
  /** By class id. */
  readonly all: LockClass[] = [];
  readonly #byKey = new Map<string, LockClass>();
  #instances = 0;

  get instanceCount(): number {
    return this.#instances;
  }

  /** The class with this key, if it was declared here. */
  find(key: string): LockClass | undefined {
    const known = this.#byKey.get(key);
    return known?.isForeign ? undefined : known;
  }

  /** The same, or the class that only other checkers use. */
  findAny(key: string): LockClass | undefined {
    return this.#byKey.get(key);
  }

  /** Adds a class under a key that is not declared yet; its id is the next integer from 0, but for one that other checkers used before. */
  add(key: string, description: NewClass): LockClass {
    const foreign = this.#byKey.get(key);
    if (foreign !== undefined) {
      foreign.adopt(description);
      return foreign;
    }
    const added = new LockClass(this.all.length, description);
    this.all.push(added);
    this.#byKey.set(key, added);
    return added;
  }

  /** The class that locks of `base` are taken as on a nesting level of their own, if it is there. Level 0 is `base` itself. */
  subclass(base: LockClass, level: number): LockClass | undefined {
    const known = level === 0 ? base : base.subclasses.get(level);
    if (known?.isForeign) {
      known.isForeign = false;
    }
    return known;
  }

  /** Adds that class. */
  addSubclass(base: LockClass, level: number): LockClass {
    const identity = (): ClassIdentity => {
      const { key, name, site } = base.ref;
      // No name that anybody gives begins or ends with this character.
      const own = { key: `${key}\u0001${level}`, name: `${name}/${level}` };
      return site === undefined ? own : { ...own, site };
    };
    const { kind, capacity, traits } = base;
    const added = new LockClass(this.all.length, { kind, capacity, identity, traits, base });
    // As many locks as its class has can be taken on it, now or later.
    added.isOpen = true;
    this.all.push(added);
    base.subclasses.set(level, added);
    return added;
  }

  instantiate(lockClass: LockClass, capacity: number, data?: unknown): LockInstance {
    this.join(lockClass);
    lockClass.capacity = Math.max(lockClass.capacity, capacity);
    return new LockInstance(this.#instances++, lockClass, { capacity, data });
  }

  /** One lock more is of this class. */
  join(lockClass: LockClass): void {
    lockClass.instances++;
    if (lockClass.instances === 2) {
      for (const step of lockClass.gatedSteps) {
        step.slow = true;
      }
    }
  }
}
