/**
 * Sees modules as they are loaded, by `require` and by `import`. Only the packages that have an adapter are touched: to
 * wrap every module of a program breaks some of them.
 */

import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { addHook } from 'import-in-the-middle';
import { Hook as RequireHook } from 'require-in-the-middle';
import type { Adapter, Exports } from '../adapters/adapter.ts';
import { watchRequired } from './exports.ts';
import { watchJest } from './jest.ts';
import type { Watch } from './watch.ts';

interface SyncHooks {
  supportsSyncHooks(): boolean;
  register(options: { include: (string | RegExp)[] }): void;
}

interface Resolved {
  readonly url: string;
  readonly format?: string | undefined;
}

interface ModuleHooks {
  resolve(specifier: string, context: unknown, next: (specifier: string, context: unknown) => Resolved): Resolved;
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
  addHook((url, exports) =>
    watchImported(url, exports, (name, dir) => {
      const adapter = byName.get(name);
      return adapter && watch.watched(adapter, { exports, dir });
    }),
  );
  watchJest(byName, watch);
  // A name, and for those who import by path, such as a test runner that has resolved it already, the place.
  hookImports([...names, new RegExp(`[\\\\/]node_modules[\\\\/](?:${names.join('|')})[\\\\/]`)], from);
}

const PACKAGE = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/](.+)$/;

// By the place of the file, not by the name that was imported: test runners resolve names by themselves and import paths.
function watchImported(
  url: string,
  exports: Exports,
  watched: (name: string, dir: string) => Exports | undefined,
): void {
  const [, dir = '', name = '', file = ''] = PACKAGE.exec(url.startsWith('file:') ? fileURLToPath(url) : '') ?? [];
  const replacements = isEntry(dir, file) ? watched(name.replace('\\', '/'), dir) : undefined;
  for (const [exported, value] of Object.entries(replacements ?? {})) {
    exports[exported] = value;
  }
}

/** Whether a file is one that the package hands out, not one of its inner modules. */
function isEntry(dir: string, file: string): boolean {
  try {
    const { exports, main = 'index.js' } = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8')) as {
      exports?: unknown;
      main?: string;
    };
    return JSON.stringify(exports ?? main).includes(file.split(path.sep).join('/'));
  } catch {
    return false;
  }
}

// Hooks that run in the program's own thread where Node has them: no second thread, nothing to wait for.
function hookImports(include: (string | RegExp)[], from: string): void {
  const require = nodeModule.createRequire(from);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 15)) {
    const hooks = require('import-in-the-middle/register-hooks.mjs') as SyncHooks;
    if (hooks.supportsSyncHooks()) {
      hooks.register({ include });
      keepBuiltins();
      return;
    }
  }
  const hook = path.join(path.dirname(require.resolve('import-in-the-middle/package.json')), 'hook.mjs');
  nodeModule.register(pathToFileURL(hook).href, { parentURL: pathToFileURL(from).href, data: { include } });
}

// import-in-the-middle (3.6.0) takes what nobody asked for to be the program's entry, and an entry to be CommonJS. But Node
// itself loads `module` for `node -e`, and then looks for a file of that name. Hooks that come later are asked first.
function keepBuiltins(): void {
  const { registerHooks } = nodeModule as unknown as { registerHooks(hooks: ModuleHooks): unknown };
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      return resolved.url.startsWith('node:') && resolved.format === 'commonjs'
        ? { ...resolved, format: 'builtin' }
        : resolved;
    },
  });
}
