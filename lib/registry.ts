/**
 * Where locks, classes, kinds, contexts and orders are made. What is wrong is refused, and leaves everything as it was.
 */
import { type Guard, say } from './failure.ts';
import type { ContextDefinition } from './model/context.ts';
import { type KindDefinition, kindOf, LOCK_KINDS, type LockKind } from './model/kind.ts';
import { type ClassSource, capacityOf, checkName, checkObject, type LockOptions } from './options.ts';
import { shown } from './shown.ts';
import { type ClassTraits, type LockClass, type LockInstance, NO_TRAITS } from './state/classes.ts';
import type { Context } from './state/contexts.ts';
import type { State } from './state/state.ts';
import { checkContext, checkContextNames, checkKind, checkTraits } from './traits.ts';

export class Registry {
  readonly #state: State;
  readonly #guard: Guard;
  readonly #onNews: () => void;
  readonly #kinds = new Map<string, LockKind>(LOCK_KINDS);
  /** How many contexts were looked at. */
  #checked = 0;

  constructor(state: State, guard: Guard, onNews: () => void) {
    this.#state = state;
    this.#guard = guard;
    this.#onNews = onNews;
  }

  lock(name: string, options: LockOptions): LockInstance {
    checkName('name', name);
    checkObject('options', options);
    return this.lockOf({ key: name, identity: () => ({ key: name, name }) }, options);
  }

  lockOf(source: ClassSource, options: LockOptions): LockInstance {
    const known = this.#state.classes.find(source.key);
    const kind = options.kind === undefined ? (known?.kind ?? this.#kindNamed('mutex')) : this.#kindNamed(options.kind);
    const capacity = capacityOf(kind, options.capacity);
    if (known !== undefined && known.kind !== kind) {
      throw new TypeError(`class '${known.ref.name}' is of kind '${known.kind.name}', not '${kind.name}'`);
    }
    const traits = this.#traitsOf(options, kind, known);
    const lockClass = known ?? this.#newClass(source, { kind, capacity, traits });
    const lock = this.#state.classes.instantiate(lockClass, capacity, options.data);
    if (options.initialised === false) {
      lock.lifetime = 'uninitialised';
    }
    return lock;
  }

  /** A new kind of lock. */
  kind(definition: KindDefinition): void {
    checkKind(definition);
    if (this.#kinds.has(definition.name)) {
      throw new TypeError(`kind: there is a kind '${definition.name}' already: give this one another name`);
    }
    this.#kinds.set(definition.name, kindOf(definition));
  }

  /** A new context. */
  context(definition: ContextDefinition): Context {
    checkContext(definition, this.#state.contexts);
    return this.#state.addContext(definition);
  }

  /**
   * Looks at what the contexts say of each other, once for each that is added.
   * @throws TypeError if a context names another one that is not there
   */
  checkContexts(): void {
    const count = this.#state.contexts.all.length;
    if (this.#checked !== count) {
      checkContextNames(this.#state.contexts);
      this.#checked = count;
    }
  }

  /** Declares in which order locks of these classes are taken. */
  order(names: readonly string[]): void {
    for (const name of names) {
      checkName('order', name);
    }
    if (names.length < 2) {
      throw new TypeError(`order: expected at least two names of classes, got ${names.length}`);
    }
    const twice = names.find((name, at) => names.indexOf(name) < at);
    if (twice !== undefined) {
      throw new TypeError(`order: expected different names, got ${shown(twice)} twice`);
    }
    const circle = this.#state.declared.contradiction(names);
    if (circle !== undefined) {
      throw new Error(`order: ${names.join(', ')} contradicts ${circle.join(', ')}, which was declared before`);
    }
    this.#state.declared.add(names);
    this.#state.forgetProofs();
  }

  subclassOf(base: LockClass, level: number): LockClass {
    const known = this.#state.classes.subclass(base, level);
    if (known !== undefined) {
      return known;
    }
    const added = this.#state.classes.addSubclass(base, level);
    this.#state.dependencies.addClass(added.id);
    this.#onNews();
    return added;
  }

  /** The class with this name, of the kind and with the traits of another one where it is new. */
  classNamed(name: string, like: LockClass): LockClass {
    const known = this.#state.classes.find(name);
    if (known !== undefined && known.kind !== like.kind) {
      throw new TypeError(`class '${name}' is of kind '${known.kind.name}', not '${like.kind.name}'`);
    }
    const { kind, capacity, traits } = like;
    const source = { key: name, identity: () => ({ key: name, name }) };
    return known ?? this.#newClass(source, { kind, capacity, traits });
  }

  #kindNamed(name: string): LockKind {
    const kind = this.#kinds.get(name);
    if (kind === undefined) {
      throw new TypeError(`kind: expected one of ${[...this.#kinds.keys()].join(', ')}, got ${shown(name)}`);
    }
    return kind;
  }

  #traitsOf(options: LockOptions, kind: LockKind, known: LockClass | undefined): ClassTraits {
    checkTraits(options, kind, this.#state.contexts);
    const { compare, inhibits } = options;
    const before = known?.traits ?? { ...NO_TRAITS, reentrant: kind.reentrant };
    const given: Partial<ClassTraits> = {
      ...(options.level === undefined ? {} : { level: options.level }),
      ...(options.reentrant === undefined ? {} : { reentrant: options.reentrant }),
      ...(options.recursiveReaders === undefined ? {} : { recursiveReaders: options.recursiveReaders }),
      ...(options.owned === undefined ? {} : { owned: options.owned }),
      ...(options.maxHoldMs === undefined ? {} : { maxHoldMs: options.maxHoldMs }),
      ...(options.upgradable === undefined ? {} : { upgradable: options.upgradable }),
      ...(compare === undefined ? {} : { compare: this.#comparison(compare, before.compare) }),
      ...(inhibits === undefined ? {} : { inhibits: this.#contextsNamed(inhibits) }),
    };
    for (const [name, value] of known === undefined ? [] : Object.entries(given)) {
      if (!isSame(value, before[name as keyof ClassTraits])) {
        throw new TypeError(`${name}: class '${known?.ref.name}' was declared with another one, or none, before`);
      }
    }
    return { ...before, ...given };
  }

  readonly #texts = new WeakMap<object, string>();

  // A function that is written where the locks are made is a new one each time: the text tells.
  #comparison(compare: ClassTraits['compare'] & object, before: ClassTraits['compare']): ClassTraits['compare'] {
    const text = String(compare);
    if (before !== null && this.#texts.get(before) === text) {
      return before;
    }
    let isSaid = false;
    const added = (held: LockInstance, wanted: LockInstance): number => {
      try {
        return compare(held, wanted);
      } catch (error) {
        if (!isSaid) {
          say('lockdep: a comparison of locks threw; the two count as out of order.', error);
          isSaid = true;
        }
        return 0;
      }
    };
    this.#texts.set(added, text);
    return added;
  }

  #contextsNamed(names: string | readonly string[]): readonly Context[] {
    return [names].flat().map((name) => this.#state.contexts.find(name) as Context);
  }

  #newClass(source: ClassSource, description: Pick<LockClass, 'kind' | 'capacity' | 'traits'>): LockClass {
    const added = this.#state.classes.add(source.key, {
      ...description,
      identity: this.#guard.safe(source.identity, { key: source.key, name: source.key }),
    });
    this.#state.dependencies.addClass(added.id);
    this.#onNews();
    return added;
  }
}

function isSame(value: unknown, before: unknown): boolean {
  const [one, other] = [[value].flat(), [before].flat()];
  return one.length === other.length && one.every((part, at) => part === other[at]);
}
