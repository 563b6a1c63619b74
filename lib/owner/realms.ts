/**
 * Worlds with a `Promise` of their own, such as that of a test file or of a vm context: their combinators are followed as soon
 * as one of their promises is seen.
 */
import { watchCombinators } from './combinators.ts';

export class Realms {
  readonly #known = new WeakSet<object>([Promise.prototype]);

  /** A promise was made. */
  see(promise: object): void {
    const prototype = Object.getPrototypeOf(promise) as object | null;
    if (prototype !== null && !this.#known.has(prototype)) {
      this.#known.add(prototype);
      this.#watch(prototype);
    }
  }

  /** Follows the combinators of a `Promise`, once. */
  add(realm: PromiseConstructor): void {
    this.see(Object.create(realm.prototype) as object);
  }

  #watch(prototype: object): void {
    // Above the prototype of all promises of a world stands that of all its objects, and nothing else.
    const above = Object.getPrototypeOf(prototype) as object | null;
    const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    if (above !== null && Object.getPrototypeOf(above) === null && typeof maker === 'function') {
      watchCombinators(maker as PromiseConstructor);
    }
  }
}
