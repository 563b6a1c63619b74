/**
 * Carries a value along a flow: through its promises, and through the other callbacks that it leaves behind.
 * There are three ways. Where the runtime carries values itself at no cost (Node 24 and later), that is used. Where it would
 * do so by hooks on every promise (Node 20 and 22), the promises carry it themselves, for they are followed already. Where
 * there is neither, it is there as long as a callback runs, and no longer.
 */
import type { Carrier } from './carrier.ts';
import { HookCarrier } from './hook-carrier.ts';
import { builtin } from './runtime.ts';

/** The way that this runtime has. */
export function carrierOf<Value extends object>(): Carrier<Value> {
  const hooks = builtin('node:async_hooks');
  if (hooks?.AsyncLocalStorage === undefined) {
    return new StackCarrier<Value>();
  }
  const storage = new hooks.AsyncLocalStorage<Value | null>();
  // A storage that is built on async hooks has a key for the resources that it lies on.
  const isBuiltOnHooks = 'kResourceStore' in storage;
  if (isBuiltOnHooks && hooks.executionAsyncResource && hooks.executionAsyncId) {
    return new HookCarrier<Value>(hooks as ConstructorParameters<typeof HookCarrier>[0]);
  }
  return new StorageCarrier<Value>(storage);
}

interface Storage<Value> {
  getStore(): Value | null | undefined;
  enterWith(value: Value | null): void;
  run<Result>(value: Value | null, work: () => Result): Result;
}

/** The runtime carries the value by itself. */
class StorageCarrier<Value> implements Carrier<Value> {
  readonly needsAfter = false;
  readonly #storage: Storage<Value>;

  constructor(storage: Storage<Value>) {
    this.#storage = storage;
  }

  get = (): Value | null => this.#storage.getStore() ?? null;

  run<Result>(value: Value | null, work: () => Result): Result {
    return this.#storage.run(value, work);
  }

  begin(_promise: object, base: Value | null): void {
    // Where a promise adopts another one the runtime goes on with what whoever said so carried.
    if (this.get() !== base) {
      this.#storage.enterWith(base);
    }
  }

  enter(value: Value | null): void {
    this.#storage.enterWith(value);
  }

  end(): void {}

  leave(): void {}

  rest(): void {}
}

/** Nothing but the stack: what a callback calls before it gives way carries the value, and what it does later does not. */
class StackCarrier<Value> implements Carrier<Value> {
  readonly needsAfter = false;
  #value: Value | null = null;

  get = (): Value | null => this.#value;

  run<Result>(value: Value | null, work: () => Result): Result {
    const before = this.#value;
    this.#value = value;
    try {
      return work();
    } finally {
      this.#value = before;
    }
  }

  begin(): void {}

  enter(): void {}

  end(): void {}

  leave(): void {}

  rest(): void {}
}
