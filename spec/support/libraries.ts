/**
 * Copies of the watched libraries in the process of the specs: fresh ones, since an adapter changes what it watches.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type * as AsyncMutex from 'async-mutex';
import ts from 'typescript';
import type { Adapter, Exports, Watcher } from '../../lib/adapters/adapter.ts';
import { asyncMutex } from '../../lib/adapters/async-mutex.ts';
import { pLimit } from '../../lib/adapters/p-limit.ts';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { FlowTracker } from '../../lib/owner/tracker.ts';
import { captureSite } from '../../lib/state/site.ts';

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

export interface WatchedLibraries extends Libraries {
  readonly lockdep: Lockdep;
  /** Ends the watching. */
  stop(): void;
}

/** The libraries as a program sees them that runs under `lockdep run`. */
export function watchedLibraries(): WatchedLibraries {
  const lockdep = createLockdep({ sites: 'all' });
  const tracker = new FlowTracker(lockdep);
  if (!tracker.start()) {
    throw new Error('this runtime reports no promises');
  }
  const watcher: Watcher = {
    tracker,
    lock: ({ kind, capacity = 1 }) => lockdep.lock(`${kind} of ${capacity}`, { kind, capacity }),
    site: captureSite,
    orElse: (unwatched, work) => lockdep.guarded(work) ?? unwatched,
  };
  const watched = (adapter: Adapter, exports: Exports): Exports => ({ ...exports, ...adapter.watch(exports, watcher) });
  return {
    asyncMutex: watched(asyncMutex, freshAsyncMutex() as unknown as Exports) as unknown as typeof AsyncMutex,
    pLimit: watched(pLimit, freshPLimit())['default'] as Libraries['pLimit'],
    lockdep,
    stop: () => tracker.stop(),
  };
}

function freshAsyncMutex(): typeof AsyncMutex {
  let fresh: typeof AsyncMutex | undefined;
  jest.isolateModules(() => {
    fresh = require('async-mutex') as typeof AsyncMutex;
  });
  return fresh as unknown as typeof AsyncMutex;
}

// It is an ES module, which jest cannot load.
function freshPLimit(): Exports {
  return evaluated('p-limit/index.js', (name) => evaluated(`${name}/index.js`, () => ({})));
}

function evaluated(file: string, require: (name: string) => Exports): Exports {
  const text = readFileSync(path.join(ROOT, 'node_modules', file), 'utf8');
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exports: Exports = {};
  new Function('exports', 'require', outputText)(exports, require);
  return exports;
}
