/**
 * Puts watched exports in the place of the original ones. A CommonJS module may be its one export, or an object whose
 * properties may be read-only.
 */
import type { Exports } from '../adapters/adapter.ts';

type Watched = (exports: Exports) => Exports | undefined;

/**
 * What `require` is to give in place of these exports.
 * @param watched gives the replacements by name, or `undefined` where all stay as they are
 */
export function watchRequired(exports: unknown, watched: Watched): unknown {
  if (typeof exports === 'function') {
    const replacements = watched({ default: exports, ...exports });
    const replacement = replacements?.['default'];
    return typeof replacement === 'function' ? copyProperties(replacement, exports) : exports;
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
  const isOpen = Object.keys(replacements).every((name) => descriptors[name]?.writable === true);
  if (isOpen) {
    return Object.assign(exports, replacements);
  }
  for (const [name, value] of Object.entries(replacements)) {
    descriptors[name] = { value, enumerable: true, configurable: true, writable: true };
  }
  return Object.create(Object.getPrototypeOf(exports) as object | null, descriptors) as object;
}
