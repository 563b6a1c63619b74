/**
 * Carries a value where the runtime would do so by async hooks, which make each `await` of the program three times as dear.
 * The promises are followed anyway, so they carry the value themselves. What is left is the other callbacks: timers, files,
 * sockets, ticks. The runtime says at any time whose callback is running, at no cost; what has to be known is who made it,
 * and for that an async hook is switched on while anybody carries something.
 */
import type * as AsyncHooks from 'node:async_hooks';
import type { Carrier } from './carrier.ts';
import { builtin } from './runtime.ts';

type Hooks = Required<Pick<typeof AsyncHooks, 'createHook' | 'executionAsyncId' | 'executionAsyncResource'>>;

const Given = function given(target: object): object {
  return target;
} as unknown as new (
  target: object,
) => object;

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
  readonly #bridge: AsyncHooks.AsyncHook;
  readonly #outer: Frame<Value>[] = [];
  #isBridged = false;
  #isInside = false;
  /** True where nobody will say when what was begun last ends. */
  #isLoose = false;
  #value: Value | null = null;
  #promise: object | null = null;
  #id = 0;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
    this.#bridge = hooks.createHook({
      init: (_id, type, _trigger, resource) => {
        if (type !== 'PROMISE') {
          this.#leave(resource);
        }
      },
    });
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

  begin(promise: object, base: Value | null): Value | null {
    this.#push(promise, base);
    return base;
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

  wake(): void {
    if (!this.#isBridged) {
      this.#isBridged = true;
      enableFor(this.#bridge);
    }
  }

  rest(): void {
    this.#outer.length = 0;
    this.end();
    if (this.#isBridged) {
      this.#isBridged = false;
      this.#bridge.disable();
    }
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

  // A callback is made for later.
  #leave(resource: object): void {
    const value = this.get();
    // What the resource carried before is not for this callback.
    if (value !== null || Carried.of(resource) !== null) {
      Carried.put(resource, value);
    }
  }
}

/**
 * Switches an async hook on that is not told of promises. The runtime makes promises tell all async hooks as soon as there
 * is one, through the same door that stands open to everybody; so that door is closed for the moment, unless somebody else
 * had it opened before.
 */
function enableFor(hook: AsyncHooks.AsyncHook): void {
  const promiseHooks = builtin('node:v8')?.promiseHooks as { createHook: unknown } | undefined;
  if (promiseHooks === undefined || Object.getOwnPropertySymbols(Promise.resolve()).length > 0) {
    hook.enable();
    return;
  }
  const { createHook } = promiseHooks;
  promiseHooks.createHook = () => () => {};
  try {
    hook.enable();
  } finally {
    promiseHooks.createHook = createHook;
  }
}
