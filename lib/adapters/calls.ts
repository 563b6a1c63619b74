/**
 * What adapters have in common: telling the program's own calls from those that a library makes to itself, and noticing
 * the end of a piece of work without changing when, or whether, anybody else notices.
 */

import { types } from 'node:util';

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
    construct(target, args, newTarget) {
      const instance = Reflect.construct(target, args, newTarget) as object;
      made(instance, args, { below: handler.construct, maker: newTarget === watched ? undefined : newTarget });
      return instance;
    },
  };
  const watched = new Proxy(original, handler);
  Object.defineProperty(original.prototype, 'constructor', {
    value: watched,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return watched;
}

/**
 * Calls `end` when the work that gave `result` is over, before anything that is attached to the result later on.
 * @returns what to hand on in place of `result`
 */
export function whenOver<Result>(result: Result, end: (evidence: unknown) => void): Result {
  if (types.isPromise(result)) {
    // The library that asked for this result handles its rejection; this handler hides none.
    Promise.prototype.then.call(
      result,
      () => end(result),
      () => end(result),
    );
    return result;
  }
  if (isThenable(result)) {
    return adopt(result, end) as Result;
  }
  end(undefined);
  return result;
}

// A lazy thenable must not be asked twice, so what is handed on is a promise that asks it once.
function adopt(thenable: PromiseLike<unknown>, end: (evidence: unknown) => void): Promise<unknown> {
  const adopted = Promise.resolve(thenable);
  void adopted.then(
    () => end(adopted),
    () => end(adopted),
  );
  return adopted;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value !== null && typeof value === 'object' && typeof (value as { then?: unknown }).then === 'function';
}
