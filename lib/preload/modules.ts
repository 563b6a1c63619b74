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
import { isObject } from '../adapters/calls.ts';
import { watchRequired } from './exports.ts';
import { watchJest } from './jest.ts';
import { watchLoads } from './loads.ts';
import { UNWATCHED } from './unwatched.ts';
import type { LoadedModule, Watch } from './watch.ts';

/** The modules of a package that programs load, by the names that they are loaded by. */
function namesOf({ name, entries = [] }: Adapter): readonly string[] {
  return [name, ...entries.map((entry) => `${name}/${entry}`)];
}

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

/** Watches every copy of the adapters' packages that is loaded from now on, and tells of those that nobody watches. */
export function watchModules(adapters: readonly Adapter[], watch: Watch, from: string): void {
  const byName = new Map(adapters.flatMap((adapter) => namesOf(adapter).map((name) => [name, adapter] as const)));
  const unwatched = UNWATCHED.filter((name) => !byName.has(name));
  const names = [...byName.keys(), ...unwatched];
  noteLoaded(adapters, watch, from);
  const watched = (name: string, module: LoadedModule): Exports | undefined => {
    const adapter = byName.get(name);
    if (adapter === undefined) {
      watch.unwatched(name, module.dir, 'no-adapter');
      return undefined;
    }
    return watch.watched(adapter, module);
  };
  new RequireHook(names, (exports, name, dir) => {
    return watchRequired(exports, (seen) => watched(name, { exports: seen, dir })) as typeof exports;
  });
  addHook((url, exports) => watchImported(url, exports, { watched, byName }));
  watchLoads((file, exports) => {
    const entry = entryOf(file, byName);
    return entry ? watchRequired(exports, (seen) => watched(entry.name, { exports: seen, dir: entry.dir })) : exports;
  });
  watchJest(byName, watch);
  // A name, and for those who import by path, such as a test runner that has resolved it already, the place.
  const packages = [...adapters.map(({ name }) => name), ...unwatched].map((name) => {
    return name.replaceAll('.', '\\.').replace('/', '[\\\\/]');
  });
  hookImports([...names, new RegExp(`[\\\\/]node_modules[\\\\/](?:${packages.join('|')})[\\\\/]`)], from);
}

// What was loaded before the checker came cannot be watched any more. Of ES modules the runtime does not tell.
function noteLoaded(adapters: readonly Adapter[], watch: Watch, from: string): void {
  const names = new Set(adapters.map(({ name }) => name));
  for (const file of Object.keys(nodeModule.createRequire(from).cache)) {
    const [, dir, name = ''] = PACKAGE.exec(file) ?? [];
    if (names.has(name.replace('\\', '/'))) {
      watch.unwatched(name, dir, 'loaded-before');
    }
  }
}

const PACKAGE = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/](.+)$/;

interface ImportWatch {
  watched(name: string, module: LoadedModule): Exports | undefined;
  readonly byName: ReadonlyMap<string, Adapter>;
}

// By the place of the file, not by the name that was imported: test runners resolve names by themselves and import paths.
function watchImported(url: string, exports: Exports, { watched, byName }: ImportWatch): void {
  const entry = entryOf(url.startsWith('file:') ? fileURLToPath(url) : '', byName);
  if (entry === undefined) {
    return;
  }
  const watch = (seen: Exports): Exports | undefined => watched(entry.name, { exports: seen, dir: entry.dir });
  const replacements = isCommon(exports) ? watchCommon(exports['default'], watch) : watch(exports);
  for (const [exported, value] of Object.entries(replacements ?? {})) {
    if (exported in exports && exports[exported] !== value) {
      exports[exported] = value;
    }
  }
}

/** The package that a file belongs to, where it is one that the package hands out, not one of its inner modules. */
function entryOf(
  file: string,
  byName: ReadonlyMap<string, Adapter>,
): { readonly name: string; readonly dir: string } | undefined {
  const [, dir = '', folder = '', inner = ''] = PACKAGE.exec(file) ?? [];
  const name = folder.replace('\\', '/');
  const isKnown = (byName.has(name) || UNWATCHED.includes(name)) && !inner.endsWith('.json');
  return isKnown && isEntry(dir, inner, byName.get(name)?.entries) ? { name, dir } : undefined;
}

/** Whether a namespace is that of a CommonJS module: all that it has by name is a property of its default. */
function isCommon(namespace: Exports): boolean {
  const { default: whole, ...named } = namespace;
  return isObject(whole) && Object.entries(named).every(([name, value]) => name === COMMON || whole[name] === value);
}

const COMMON = 'module.exports';

/** What its names are to stand for: they may have been read before it was watched. */
function watchCommon(whole: unknown, watched: (exports: Exports) => Exports | undefined): Exports {
  const replaced = watchRequired(whole, watched);
  // A getter may load a module that nobody wants.
  const named = Object.entries(Object.getOwnPropertyDescriptors(replaced)).flatMap(([name, { value }]) => {
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(named), default: replaced, [COMMON]: replaced };
}

/** Whether a file is one that the package hands out, not one of its inner modules. */
function isEntry(dir: string, file: string, entries: readonly string[] = []): boolean {
  try {
    const { exports, main } = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8')) as {
      exports?: unknown;
      main?: string;
    };
    const name = file.split(path.sep).join('/');
    return exports === undefined
      ? [main ?? 'index.js', ...entries].some((entry) => isMain(name, entry))
      : JSON.stringify(exports).includes(name);
  } catch {
    return false;
  }
}

/** Whether a field `main` means this file: it may leave out the extension, or name the folder. */
function isMain(file: string, main: string): boolean {
  const wanted = path.posix.normalize(main).replace(/\/$/, '');
  return ['', '.js', '.json', '.node', '/index.js'].some((end) => file === path.posix.normalize(`${wanted}${end}`));
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
