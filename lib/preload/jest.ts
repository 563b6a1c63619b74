/**
 * jest loads modules by itself, into a world of their own for each test file: Node's hooks never see them. Its runtime is
 * one class, so the watched libraries are handed over where that class hands out a module. CommonJS only.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { Hook as RequireHook } from 'require-in-the-middle';
import type { Adapter } from '../adapters/adapter.ts';
import { type Call, replaceMethod } from '../adapters/calls.ts';
import { watchRequired } from './exports.ts';
import type { Watch } from './watch.ts';

interface World {
  readonly Promise?: PromiseConstructor;
}

interface Runtime {
  readonly _environment?: { readonly global?: World };
}

interface RuntimeModule {
  readonly default?: { readonly prototype?: object };
}

/** Watches what the tests of a jest run load. */
export function watchJest(byName: ReadonlyMap<string, Adapter>, watch: Watch): void {
  const patched = new WeakSet<object>();
  new RequireHook(['jest-runtime'], (exports) => {
    const prototype = (exports as RuntimeModule).default?.prototype;
    if (prototype !== undefined && !patched.has(prototype)) {
      patched.add(prototype);
      replaceMethod(prototype, 'requireModule', (original) => requireModule(original, byName, watch));
    }
    return exports;
  });
}

function requireModule(original: Call, byName: ReadonlyMap<string, Adapter>, watch: Watch): Call {
  return function requireModule(this: Runtime, ...args) {
    const [from, name, options] = args;
    // The package itself may be loaded into that world, too.
    watch.share(this._environment?.global);
    const exports = original.apply(this, args);
    const adapter = byName.get(String(name).replace(/\.js$/, ''));
    if (adapter === undefined || (options as { isInternalModule?: boolean } | undefined)?.isInternalModule) {
      return exports;
    }
    watch.realm(this._environment?.global?.Promise);
    const dir = packageDir(from as string, adapter.name);
    return watchRequired(exports, (seen) => watch.watched(adapter, { exports: seen, dir }));
  };
}

function packageDir(from: string, name: string): string | undefined {
  const { resolve } = createRequire(from);
  try {
    return path.dirname(resolve(`${name}/package.json`));
  } catch {
    // It does not hand out its package.json.
    return folderOf(name, () => resolve(name));
  }
}

function folderOf(name: string, resolve: () => string): string | undefined {
  const folder = path.join('node_modules', name);
  try {
    const file = resolve();
    const at = file.lastIndexOf(folder + path.sep);
    return at < 0 ? undefined : file.slice(0, at + folder.length);
  } catch {
    return undefined;
  }
}
