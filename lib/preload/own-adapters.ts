/**
 * Adapters that the project brings itself.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Adapter } from '../adapters/adapter.ts';
import { isObject } from '../adapters/calls.ts';

/**
 * The adapters of a module: all its exports that are one, and those in a list.
 * @throws Error that says why there are none
 */
export function ownAdapters(root: string, name: string): readonly Adapter[] {
  const exports = load(root, name);
  const values = isObject(exports) ? [exports, ...Object.values(exports)].flat() : [];
  const found = [...new Set(values)].filter(isAdapter);
  if (found.length === 0) {
    throw new Error(`${name} exports no adapter: make one by defineAdapter() of lockdep/adapter`);
  }
  return found;
}

function load(root: string, name: string): unknown {
  try {
    return createRequire(path.join(root, 'package.json'))(name);
  } catch (error) {
    throw new Error(`adapter ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const PACKAGE_NAME = /^(?:@[\w.~-]+\/)?[\w.~-]+$/;

function isAdapter(value: unknown): value is Adapter {
  const { name, versions, watch, entries = [] } = (isObject(value) ? value : {}) as Partial<Adapter>;
  return (
    typeof name === 'string' &&
    PACKAGE_NAME.test(name) &&
    Array.isArray(entries) &&
    entries.every((entry) => typeof entry === 'string') &&
    typeof versions?.from === 'string' &&
    typeof versions.below === 'string' &&
    typeof watch === 'function'
  );
}
