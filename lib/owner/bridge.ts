/**
 * Tells of the callbacks that are no continuations of promises: timers, files, sockets, ticks. For that an async hook is
 * switched on, and kept from making promises dearer.
 */
import type * as AsyncHooks from 'node:async_hooks';
import { builtin } from './runtime.ts';

export interface BridgeListener {
  /** A callback is made for later. */
  left(resource: object): void;
  /** It is about to run. */
  runs(resource: object): void;
}

export class Bridge {
  readonly #hook: AsyncHooks.AsyncHook | undefined;
  #isOn = false;

  constructor({ left, runs }: BridgeListener) {
    const { createHook, executionAsyncResource } = builtin('node:async_hooks') ?? {};
    this.#hook =
      executionAsyncResource &&
      createHook?.({
        init: (_id, type, _trigger, resource) => {
          if (type !== 'PROMISE') {
            left(resource);
          }
        },
        before: () => runs(executionAsyncResource()),
      });
  }

  start(): void {
    if (!this.#isOn && this.#hook !== undefined) {
      this.#isOn = true;
      enableFor(this.#hook);
    }
  }

  stop(): void {
    if (this.#isOn) {
      this.#isOn = false;
      this.#hook?.disable();
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
