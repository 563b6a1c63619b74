/**
 * Copies of the watched libraries in the process of the specs: fresh ones, since an adapter changes what it watches.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type * as AsyncMutex from 'async-mutex';
import ts from 'typescript';
import type { Adapter, Exports, NewLock } from '../../lib/adapters/adapter.ts';
import { asyncMutex } from '../../lib/adapters/async-mutex.ts';
import { LibraryWatcher, type Origin } from '../../lib/adapters/library-watcher.ts';
import { pLimit } from '../../lib/adapters/p-limit.ts';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import type { LockdepOptions } from '../../lib/options.ts';
import { FlowTracker } from '../../lib/owner/tracker.ts';

const ROOT = path.resolve(__dirname, '../..');

export type Limit = <Result>(work: () => Result | PromiseLike<Result>) => Promise<Result>;

export interface Libraries {
  readonly asyncMutex: typeof AsyncMutex;
  readonly pLimit: (concurrency: number) => Limit;
}

/** The libraries as they are. */
export function plainLibraries(): Libraries {
  return { asyncMutex: freshAsyncMutex(), pLimit: freshPLimit()['default'] as Libraries['pLimit'] };
}

/** What watches libraries in the specs. */
export interface Watching {
  readonly lockdep: Lockdep;
  readonly watcher: LibraryWatcher;
  /** What a program gets in place of these exports. */
  watched<Kind extends object>(adapter: Adapter, exports: Kind): Kind;
  /** Ends the watching. */
  stop(): void;
}

/** Begins to watch, as under `lockdep run`; each lock is of the class of its kind and capacity. */
export function startWatching(options: LockdepOptions = {}): Watching {
  const lockdep = createLockdep({ sites: 'all', ...options });
  const tracker = new FlowTracker(lockdep);
  if (!tracker.start()) {
    throw new Error('this runtime reports no promises');
  }
  const watcher = new LibraryWatcher(lockdep, tracker, { origin: originOf });
  return {
    lockdep,
    watcher,
    watched: (adapter, exports) => ({ ...exports, ...adapter.watch(exports as Exports, watcher) }),
    stop: () => tracker.stop(),
  };
}

function originOf({ kind, capacity = 1 }: NewLock): Origin {
  const name = `${kind} of ${capacity}`;
  return { key: name, identity: () => ({ key: name, name }) };
}

export interface WatchedLibraries extends Libraries, Pick<Watching, 'lockdep' | 'stop'> {}

/** The libraries as a program sees them that runs under `lockdep run`. */
export function watchedLibraries(): WatchedLibraries {
  const { watched, lockdep, stop } = startWatching();
  return {
    asyncMutex: watched(asyncMutex, freshAsyncMutex()),
    pLimit: watched(pLimit, freshPLimit())['default'] as Libraries['pLimit'],
    lockdep,
    stop,
  };
}

function freshAsyncMutex(): typeof AsyncMutex {
  return freshCopy('async-mutex') as unknown as typeof AsyncMutex;
}

// It is an ES module, which jest cannot load.
function freshPLimit(): Exports {
  return freshModule('node_modules/p-limit/index.js', (name) => freshModule(`node_modules/${name}/index.js`));
}

/** A fresh copy of a CommonJS library. @param name what it is required by, or a path from the root of this package */
export function freshCopy(name: string): Exports {
  let fresh: Exports = {};
  jest.isolateModules(() => {
    fresh = require(name.includes('node_modules') ? path.join(ROOT, name) : name) as Exports;
  });
  return fresh;
}

/** A fresh copy of an ES module. @param file its path from the root of this package */
export function freshModule(file: string, require: (name: string) => Exports = () => ({})): Exports {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exports: Exports = {};
  new Function('exports', 'require', outputText)(exports, require);
  return exports;
}

/** What a scene gives with a copy as it is and with a watched one, and which errors were found in the watched one. */
export interface BothWays {
  readonly plain: unknown;
  readonly watched: unknown;
  readonly rules: readonly string[];
}

/** Plays a scene twice, with fresh copies. */
export async function bothWays<Kind extends object>(
  adapter: Adapter,
  fresh: () => Kind,
  scene: (library: Kind) => unknown,
): Promise<BothWays> {
  const plain = await scene(fresh());
  const watching = startWatching({ onViolation: 'collect' });
  try {
    const watched = await scene(watching.watched(adapter, fresh()));
    // An internal failure would have switched the watching off.
    expect(watching.lockdep.failure).toBeNull();
    const errors = watching.lockdep.violations.filter(({ severity }) => severity === 'error');
    return { plain, watched, rules: errors.map(({ rule }) => rule) };
  } finally {
    watching.stop();
  }
}

/** How a call ends, and after how many turns of the microtask queue. */
export async function ending(call: () => unknown, most = 50): Promise<string> {
  let turns = 0;
  let how: string | undefined;
  try {
    const result = call();
    if (!(result instanceof Promise)) {
      return `gives ${String(result)}`;
    }
    result.then(
      (value) => (how = `fulfilled ${typeof value === 'function' ? value.name : String(value)}`),
      (error) => (how = `rejected ${String(error)}`),
    );
  } catch (error) {
    return `throws ${String(error)}`;
  }
  for (; how === undefined && turns < most; turns++) {
    await null;
  }
  return how === undefined ? 'waits' : `${how} in ${turns}`;
}

/** Names, attributes and functions of an object, as a program can see them. */
export function shapeOf(target: object): unknown {
  const entries = Reflect.ownKeys(target).map((name) => {
    const { value, get, set, ...rest } = Object.getOwnPropertyDescriptor(target, name) as PropertyDescriptor;
    const called = [value, get, set].map((one: unknown) => typeof one === 'function' && [one.name, one.length]);
    return [String(name), { ...rest, called }] as const;
  });
  return { type: typeof target, isOpen: Object.isExtensible(target), entries };
}
