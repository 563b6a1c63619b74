/**
 * Sees modules as they are loaded, by `require` and by `import`. Only the packages that have an adapter are touched: to
 * wrap every module of a program breaks some of them.
 */
import * as nodeModule from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Hook as ImportHook } from 'import-in-the-middle';
import { Hook as RequireHook } from 'require-in-the-middle';
import type { Adapter } from '../adapters/adapter.ts';
import { watchRequired } from './exports.ts';
import { watchJest } from './jest.ts';
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
  watchJest(byName, watch);
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
