/**
 * What adapters have in common: telling the program's own calls from those that a library makes to itself, and noticing
 * the end of a piece of work without changing when, or whether, anybody else notices.
 */

import { builtin } from '../owner/runtime.ts';

/** A method of a watched library. */
export type Call = (this: object, ...args: unknown[]) => unknown;

/** Puts a method in place of another one, with the same name, length and attributes. */
export function replaceMethod(target: object, name: string, wrap: (original: Call) => Call): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  if (typeof descriptor?.value !== 'function' || !(descriptor.writable || descriptor.configurable)) {
    return false;
  }
  const original = descriptor.value as Call;
  Object.defineProperty(target, name, { ...descriptor, value: likeOriginal(wrap(original), original) });
  return true;
}

/** Gives a wrapper the name and length of what it wraps. */
export function likeOriginal<Wrapper extends (...args: never[]) => unknown>(
  wrapper: Wrapper,
  original: (...args: never[]) => unknown,
): Wrapper {
  for (const property of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, property);
    if (descriptor !== undefined) {
      Object.defineProperty(wrapper, property, descriptor);
    }
  }
  return wrapper;
}

/**
 * A class that tells of each instance it makes. `instanceof`, static members and subclasses stay as they are.
 * @param made called with the new instance and the arguments
 */
export function watchConstructor<Class extends new (...args: never[]) => object>(
  original: Class,
  made: (
    instance: object,
    args: readonly unknown[],
    from: { readonly below: unknown; readonly maker?: unknown },
  ) => void,
): Class {
  const handler: ProxyHandler<Class> = {
    // A class that was compiled down to ES5 calls its base class as a function.
    apply(target, instance, args: unknown[]) {
      const result: unknown = Reflect.apply(target as unknown as Call, instance, args);
      const object: unknown = isObject(result) ? result : instance;
      if (object instanceof original) {
        made(object, args, { below: handler.apply, maker: object.constructor });
      }
      return result;
    },
    construct(target, args, newTarget) {
      const instance = Reflect.construct(target, args, newTarget) as object;
      made(instance, args, { below: handler.construct, maker: newTarget === watched ? undefined : newTarget });
      return instance;
    },
  };
  // Some containers read the text of a class to find out what it wants.
  handler.get = (target, key, receiver): unknown => {
    const value: unknown = Reflect.get(target, key, receiver === watched ? target : receiver);
    return value === textOf && receiver === watched ? () => textOf.call(target) : value;
  };
  const watched = new Proxy(original, handler);
  Object.defineProperty(original.prototype, 'constructor', {
    writable: true,
    configurable: true,
    enumerable: false,
    ...Object.getOwnPropertyDescriptor(original.prototype, 'constructor'),
    value: watched,
  });
  return watched;
}

const { toString: textOf } = Function.prototype;
// Taken here, before the program can put its own in their place.
const { then: attachNative } = Promise.prototype;
const types = builtin('node:util')?.types;
const isNativePromise = (value: object): boolean => types?.isPromise?.(value) ?? value instanceof Promise;
const isProxy = (value: object): boolean => types?.isProxy?.(value) ?? false;

type Then = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Calls `end` when the work that gave `result` is over, before anything that is attached to the result later on.
 * @returns what to hand on in place of `result`, at once, to a promise that adopts it: that takes as many steps and calls
 * @throws what the `then` of the result throws where it is a getter, as the promise that adopts it would
 */
export function whenOver<Result>(result: Result, end: (evidence: unknown) => void): Result {
  if (!isObject(result)) {
    end(undefined);
    return result;
  }
  const found = findThen(result);
  if (found.isNative && watchNative(result as unknown as Promise<unknown>, end)) {
    return result;
  }
  let then: unknown;
  try {
    // Where it is a getter it must be asked once: what is handed on has the answer.
    then = found.isKnown ? found.value : (result as { then?: unknown }).then;
  } catch (error) {
    end(undefined);
    throw error;
  }
  if (typeof then === 'function') {
    return stepIn(result, then as Then, end) as Result;
  }
  end(undefined);
  return result;
}

/** Whether a value has an identity of its own. */
export function isObject(value: unknown): value is object & Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

interface FoundThen {
  /** Whether the value is known without a call of the program's code. */
  readonly isKnown: boolean;
  readonly value?: unknown;
  /** A promise that is attached to by the method of its own realm. */
  readonly isNative: boolean;
}

function findThen(value: object): FoundThen {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (isProxy(at)) {
      return { isKnown: false, isNative: false };
    }
    const descriptor = Object.getOwnPropertyDescriptor(at, 'then');
    if (descriptor !== undefined) {
      const isKnown = 'value' in descriptor;
      return { isKnown, value: descriptor.value, isNative: isKnown && isNativePromise(value) && isRoot(at) };
    }
  }
  return { isKnown: true, isNative: false };
}

/** Whether this is the prototype of all promises of a realm: only that of all objects stands above it. */
function isRoot(prototype: object): boolean {
  const above = Object.getPrototypeOf(prototype) as object | null;
  return above !== null && Object.getPrototypeOf(above) === null;
}

/** The library that asked for the promise handles its rejection; the handlers here hide none. */
function watchNative(promise: Promise<unknown>, end: (evidence: unknown) => void): boolean {
  const over = (): void => end(promise);
  return attachToNative(promise, over, over);
}

type Handler = (value: unknown) => void;

/** Attaches to a promise, or to what is like one, before anybody who gets it later; its class is not asked for a new instance. */
export function attach(promise: object, fulfilled: Handler, rejected: Handler): void {
  if (isNativePromise(promise) && attachToNative(promise as Promise<unknown>, fulfilled, rejected)) {
    return;
  }
  void (promise as PromiseLike<unknown>).then(fulfilled, rejected);
}

function attachToNative(promise: Promise<unknown>, fulfilled: Handler, rejected: Handler): boolean {
  const isPlain = isRoot(Object.getPrototypeOf(promise) as object) && !Object.hasOwn(promise, 'constructor');
  if (isPlain) {
    void attachNative.call(promise, fulfilled, rejected);
    return true;
  }
  const own = Object.getOwnPropertyDescriptor(promise, 'constructor');
  if (own === undefined ? !Object.isExtensible(promise) : !own.configurable) {
    return false;
  }
  // Else the class of the promise would be asked for a new instance, and the program could count it.
  void Object.defineProperty(promise, 'constructor', { value: Promise, configurable: true });
  void attachNative.call(promise, fulfilled, rejected);
  if (own === undefined) {
    Reflect.deleteProperty(promise, 'constructor');
  } else {
    void Object.defineProperty(promise, 'constructor', own);
  }
  return true;
}

/**
 * Does a piece of work, and calls `end` when it is over: see `whenOver`.
 * @returns what to hand on in place of its result
 */
export function whenDone<Result>(work: () => Result, end: (evidence: unknown) => void): Result {
  let result: Result;
  try {
    result = work();
  } catch (error) {
    end(undefined);
    throw error;
  }
  return whenOver(result, end);
}

type Settle = (value: unknown) => unknown;

/** Stands in for a thenable, and asks it when it is asked itself: its work is over when it answers. */
function stepIn(thenable: object, then: Then, end: (evidence: unknown) => void): object {
  let isAnswered = false;
  const first = (work: () => unknown): unknown => {
    const isFirst = !isAnswered;
    isAnswered = true;
    return isFirst ? work() : undefined;
  };
  const ask = (resolve: Settle, reject: Settle): unknown => {
    const fail: Settle = (error) => {
      end(undefined);
      return reject(error);
    };
    const succeed: Settle = (value) => {
      let adopted: unknown;
      try {
        // The answer may be a promise again.
        adopted = whenOver(value, end);
      } catch (error) {
        return reject(error);
      }
      return resolve(adopted);
    };
    try {
      return then.call(
        thenable,
        likeOriginal((value: unknown) => first(() => succeed(value)), resolve),
        likeOriginal((error: unknown) => first(() => fail(error)), reject),
      );
    } catch (error) {
      first(() => end(undefined));
      throw error;
    }
  };
  // biome-ignore lint/suspicious/noThenProperty: it stands in for a thenable
  return { then: ask };
}
