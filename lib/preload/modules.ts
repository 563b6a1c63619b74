/**
 * Sees modules as they are loaded, by `require` and by `import`. Only the packages that have an adapter are touched: to
 * wrap every module of a program breaks some of them.
 */
import * as nodeModule from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Hook as ImportHook } from 'import-in-the-middle';
import { Hook as RequireHook } from 'require-in-the-middle';
import type { Adapter, Exports } from '../adapters/adapter.ts';
import type { Watch } from './watch.ts';

interface SyncHooks {
  supportsSyncHooks(): boolean;
  register(options: { include: string[] }): void;
}

/** Watches every copy of the adapters' packages that is loaded from now on. */
export function watchModules(adapters: readonly Adapter[], watch: Watch, from: string): void {
  const byName = new Map(adapters.map((adapter) => [adapter.name, adapter]));
  const names = [...byName.keys()];
  new RequireHook(names, (exports, name, dir) => {
    const adapter = byName.get(name);
    return adapter === undefined
      ? exports
      : (watchRequired(exports, (seen) => watch.watched(adapter, { exports: seen, dir })) as typeof exports);
  });
  new ImportHook(names, (exports, name, dir) => {
    const adapter = byName.get(name);
    const replacements = adapter && watch.watched(adapter, { exports, dir: dir ?? undefined });
    for (const [exported, value] of Object.entries(replacements ?? {})) {
      exports[exported] = value;
    }
  });
  hookImports(names, from);
}

// Hooks that run in the program's own thread where Node has them: no second thread, nothing to wait for.
function hookImports(include: string[], from: string): void {
  const require = nodeModule.createRequire(from);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 15)) {
    const hooks = require('import-in-the-middle/register-hooks.mjs') as SyncHooks;
    if (hooks.supportsSyncHooks()) {
      hooks.register({ include });
      return;
    }
  }
  const hook = path.join(path.dirname(require.resolve('import-in-the-middle/package.json')), 'hook.mjs');
  nodeModule.register(pathToFileURL(hook).href, { parentURL: pathToFileURL(from).href, data: { include } });
}

type Watched = (exports: Exports) => Exports | undefined;

/** A CommonJS module may be its one export, or an object whose properties may be read-only. */
function watchRequired(exports: unknown, watched: Watched): unknown {
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
      Object.defineProperty(target, name, descriptor);
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
