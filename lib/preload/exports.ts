/**
 * Puts watched exports in the place of the original ones. A CommonJS module may be its one export, or an object whose
 * properties may be read-only.
 */
import { types } from 'node:util';
import type { Exports } from '../adapters/adapter.ts';
import { isObject } from '../adapters/calls.ts';

type Watched = (exports: Exports) => Exports | undefined;

/**
 * What `require` is to give in place of these exports.
 * @param watched gives the replacements by name, or `undefined` where all stay as they are
 */
export function watchRequired(exports: unknown, watched: Watched): unknown {
  const known = isObject(exports) ? handedOut.get(exports) : undefined;
  if (known !== undefined) {
    return known;
  }
  const result = replaced(exports, watched);
  if (isObject(exports) && isObject(result)) {
    handedOut.set(exports, result);
    handedOut.set(result, result);
  }
  return result;
}

/** What is handed out for what was loaded, and for itself: one module is one object, however often it is asked for. */
const handedOut = new WeakMap<object, object>();

function replaced(exports: unknown, watched: Watched): unknown {
  if (typeof exports === 'function') {
    const replacements = watched({ default: exports, ...exports });
    const { default: replacement = exports, ...named } = replacements ?? {};
    const whole = replacement === exports ? exports : copyProperties(replacement as object, exports);
    return withReplacements(whole, named);
  }
  if (typeof exports !== 'object' || exports === null) {
    return exports;
  }
  const replacements = watched(exports as Exports);
  return replacements === undefined ? exports : withReplacements(exports, replacements);
}

function copyProperties(target: object, source: object): object {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(source))) {
    if (!Object.hasOwn(target, name)) {
      // Some modules are also their own `default`.
      Object.defineProperty(target, name, descriptor.value === source ? { ...descriptor, value: target } : descriptor);
    }
  }
  return target;
}

function withReplacements(exports: object, replacements: Exports): object {
  const descriptors = Object.getOwnPropertyDescriptors(exports) as Record<string, PropertyDescriptor>;
  // The names of an ES module look writable, and are not.
  const isOpen =
    !types.isModuleNamespaceObject(exports) &&
    Object.keys(replacements).every((name) => descriptors[name]?.writable === true);
  if (isOpen) {
    return Object.assign(exports, replacements);
  }
  for (const [name, value] of Object.entries(replacements)) {
    descriptors[name] = { value, enumerable: true, configurable: true, writable: true };
  }
  return Object.create(Object.getPrototypeOf(exports) as object | null, descriptors) as object;
}
