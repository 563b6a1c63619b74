/**
 * Carries a value where the runtime would do so by async hooks, which make each `await` of the program three times as dear.
 * The promises are followed anyway, so they carry the value themselves. What is left is the other callbacks: timers, files,
 * sockets, ticks. The runtime says at any time whose callback is running, at no cost; what has to be known is who made it,
 * and that is told by the bridge.
 */
import type * as AsyncHooks from 'node:async_hooks';
import type { Carrier } from './carrier.ts';
import { Given } from './given.ts';

type Hooks = Required<Pick<typeof AsyncHooks, 'executionAsyncId' | 'executionAsyncResource'>>;

/** What the runtime keeps for a callback carries the value of whoever made it. */
class Carried<Value> extends Given {
  #value: Value;

  constructor(resource: object, value: Value) {
    super(resource);
    this.#value = value;
  }

  /** One resource may be used for several callbacks, one after the other. */
  static put(resource: object, value: object | null): void {
    if (#value in resource) {
      (resource as Carried<unknown>).#value = value;
    } else {
      new Carried(resource, value);
    }
  }

  static of(resource: object): unknown {
    return #value in resource ? (resource as Carried<unknown>).#value : null;
  }
}

/** A continuation that is running. */
interface Frame<Value> {
  value: Value | null;
  promise: object | null;
  id: number;
}

export class HookCarrier<Value extends object> implements Carrier<Value> {
  readonly needsAfter = true;
  readonly #hooks: Hooks;
  readonly #outer: Frame<Value>[] = [];
  #isInside = false;
  /** True where nobody will say when what was begun last ends. */
  #isLoose = false;
  #value: Value | null = null;
  #promise: object | null = null;
  #id = 0;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  get = (): Value | null => {
    if (this.#isHere) {
      return this.#value;
    }
    return Carried.of(this.#hooks.executionAsyncResource()) as Value | null;
  };

  run<Result>(value: Value | null, work: () => Result): Result {
    this.#push(null, value);
    try {
      return work();
    } finally {
      this.end();
    }
  }

  begin(promise: object, base: Value | null): void {
    this.#push(promise, base);
  }

  enter(value: Value | null): void {
    if (!this.#isHere) {
      // A callback that is no continuation: up to the next one, or to the next callback.
      this.#push(null, value);
      this.#isLoose = true;
    }
    this.#value = value;
  }

  /** True where the code runs in the continuation, or the scope, that was begun last. */
  get #isHere(): boolean {
    const { executionAsyncId, executionAsyncResource } = this.#hooks;
    // Somebody may have entered the scope of a resource of his own in between.
    return this.#isInside && (executionAsyncId() === this.#id || executionAsyncResource() === this.#promise);
  }

  end(): void {
    this.#isLoose = false;
    const frame = this.#outer.length === 0 ? undefined : this.#outer.pop();
    this.#isInside = frame !== undefined;
    this.#value = frame?.value ?? null;
    this.#promise = frame?.promise ?? null;
    this.#id = frame?.id ?? 0;
  }

  rest(): void {
    this.#outer.length = 0;
    this.end();
  }

  #push(promise: object | null, value: Value | null): void {
    if (this.#isLoose && !this.#isHere) {
      this.end();
    }
    if (this.#isInside) {
      this.#outer.push({ value: this.#value, promise: this.#promise, id: this.#id });
    }
    this.#isInside = true;
    this.#value = value;
    this.#promise = promise;
    this.#id = this.#hooks.executionAsyncId();
  }

  leave(resource: object): void {
    const value = this.get();
    // What the resource carried before is not for this callback.
    if (value !== null || Carried.of(resource) !== null) {
      Carried.put(resource, value);
    }
  }
}
