/**
 * What a program declares to a checker: locks, events, kinds, contexts and orders.
 */
import type { ContextDefinition } from './model/context.ts';
import type { KindDefinition } from './model/kind.ts';
import type { Site } from './model/lock.ts';
import type { ClassSource, LockdepOptions, LockOptions } from './options.ts';
import { Registry } from './registry.ts';
import { DECLARATION_RULES } from './rules/index.ts';
import { Sharing } from './sharing.ts';
import type { LockClass, LockInstance } from './state/classes.ts';
import { captureSite } from './state/site.ts';

export class Declarations extends Sharing {
  /** Says of a lock without a name where it comes from: that is its class. @param below the function that made it */
  origin: (below: unknown, kind: string) => ClassSource = (below, kind) =>
    placeOf(captureSite(below).resolve(this.state.resolver), kind);
  protected readonly registry: Registry;

  constructor(options: LockdepOptions = {}) {
    super(options);
    this.registry = new Registry(this.state, this.guard, () => this.news());
    for (const kind of options.kinds ?? []) {
      this.registry.kind(kind);
    }
    for (const context of options.contexts ?? []) {
      this.registry.context(context);
    }
  }

  /**
   * A new lock. The name names the class: two calls with one name give two instances of one class.
   * @throws TypeError if the kind is unknown, is another one than the class has, the capacity is no positive number, or what is declared of the
   * class differs from what was declared of it before
   */
  lock(name: string, options: LockOptions = {}): LockInstance {
    return this.registry.lock(name, options);
  }

  /** A new lock of the class that `source` stands for. */
  lockOf(source: ClassSource, options: LockOptions = {}): LockInstance {
    return this.registry.lockOf(source, options);
  }

  /** An event that owners wait for and signal: a node of the class graph where the option `events` is on. */
  event(name: string): LockInstance {
    const event = this.lock(name, { kind: 'event' });
    this.clock.add(event);
    return event;
  }

  /**
   * A new kind of lock. What is not said of it is as with a mutex.
   * @throws TypeError if a part of it is wrong, or the name is taken
   */
  kind(definition: KindDefinition): void {
    this.registry.kind(definition);
  }

  /**
   * A new context: something that can interrupt owners.
   * @throws TypeError if a part of it is wrong, or the name is taken
   */
  context(definition: ContextDefinition): { readonly name: string } {
    return this.registry.context(definition);
  }

  /**
   * Declares that locks of these classes are taken in this order. The first acquire against it is reported; so is what was seen before.
   * @throws TypeError for fewer than two names
   * @throws Error if it contradicts what was declared before
   * @throws LockdepError under the `throw` policy, after it is declared
   */
  order(...names: readonly string[]): void {
    this.registry.order(names);
    this.during(() => this.judge(DECLARATION_RULES, { names }));
  }

  subclassOf(base: LockClass, level: number): LockClass {
    return this.registry.subclassOf(base, level);
  }

  classNamed(name: string, like: LockClass): LockClass {
    return this.registry.classNamed(name, like);
  }
}

function placeOf(site: Site | null, kind: string): ClassSource {
  const name = site === null ? kind : `${kind} at ${site.file.split('/').at(-1)}:${site.line}`;
  const key = site === null ? kind : `${name} (${site.file}:${site.line}:${site.column})`;
  return { key, identity: () => ({ key, name, ...(site === null ? {} : { site }) }) };
}
