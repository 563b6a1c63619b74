/**
 * Preloaded into every Node process and worker of a watched run. Does nothing where the checker is switched off, or is
 * there already.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Adapter } from '../adapters/adapter.ts';
import { ADAPTERS, BUILTINS } from '../adapters/index.ts';
import { LibraryWatcher } from '../adapters/library-watcher.ts';
import { projectRoot } from '../cli/directory.ts';
import { newRun } from '../cli/run-id.ts';
import { isOff } from '../off-switch.ts';
import { DEFAULT_INSTANCE } from '../owner/default.ts';
import type * as Alone from './alone.ts';
import { type Switches, watchChildren } from './children.ts';
import { type Config, NO_CONFIG, readConfig } from './config.ts';
import { watchModules } from './modules.ts';
import { ownAdapters } from './own-adapters.ts';
import { Places } from './places.ts';
import { nodeResolver, type ResolverOptions } from './resolver.ts';
import { Session } from './session.ts';
import { Sources } from './source.ts';
import { Watch } from './watch.ts';
import { isInternalThread, watchWorkers } from './workers.ts';

/**
 * Starts the checker in this process.
 * @param file absolute path of the file that is preloaded
 */
export function start(file: string): void {
  const shared = globalThis as { [DEFAULT_INSTANCE]?: { readonly watcher: object | null } };
  if (isOff() || isInternalThread()) {
    return;
  }
  const known = shared[DEFAULT_INSTANCE];
  if (known !== undefined) {
    if (known.watcher === null) {
      console.error('lockdep: nothing is watched: import lockdep/register before lockdep itself.');
    }
    return;
  }
  const isAlone = process.env['LOCKDEP_RUN'] === undefined;
  const dir = path.resolve(process.env['LOCKDEP_DIR'] ?? '.lockdep');
  const run = runId(process.env['LOCKDEP_RUN']);
  const root = path.resolve(process.env['LOCKDEP_ROOT'] ?? projectRoot(process.cwd()));
  // The watched libraries, and what they are compiled against.
  const passOver = ['tslib'];
  const options: ResolverOptions = { root, own: path.dirname(path.dirname(file)), passOver, sources: new Sources() };
  const session = new Session({ dir, run, resolver: nodeResolver(options) });
  const { lockdep, tracker } = session;
  Object.defineProperty(shared, DEFAULT_INSTANCE, { value: lockdep, configurable: true });
  // An adapter may itself load this package.
  const { config, adapters, problems } = settingsOf(root);
  passOver.push(...adapters.map(({ name }) => name));
  lockdep.notes.push(...problems);
  lockdep.configure({ budgets: config.budgets });
  const places = new Places(lockdep, options);
  const watcher = new LibraryWatcher(lockdep, tracker, {
    patterns: config.keys,
    origin: (description) => places.origin(description),
  });
  lockdep.watcher = watcher;
  const watch = new Watch(session, watcher);
  watchModules(adapters, watch, file);
  for (const builtin of BUILTINS) {
    watch.attach(builtin);
  }
  const variables = { LOCKDEP_DIR: dir, LOCKDEP_RUN: run, LOCKDEP_ROOT: root };
  const switches: Switches = { preload: file, variables };
  watchChildren(switches);
  watchWorkers(switches);
  if (isAlone) {
    // Workers and children are parts of this run.
    Object.assign(process.env, variables);
    // Who runs under the command does not need it: it brings all the reports along.
    const { reportAtEnd } = createRequire(file)('./alone.js') as typeof Alone;
    const remedy = 'Mend it, and run the program again.';
    reportAtEnd(session, { dir, run, problems: problems.map((problem) => ({ file: 'settings:', problem, remedy })) });
  }
}

interface ProjectSettings {
  readonly config: Config;
  readonly adapters: readonly Adapter[];
  /** What could not be read, each a sentence. */
  readonly problems: readonly string[];
}

function settingsOf(root: string): ProjectSettings {
  const problems: string[] = [];
  const attempt = <Result>(otherwise: Result, work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return otherwise;
    }
  };
  const config = attempt(NO_CONFIG, () => readConfig(root));
  const own = config.adapters.flatMap((name) => attempt([], () => ownAdapters(root, name)));
  return { config, adapters: [...ADAPTERS, ...own], problems };
}

// It becomes part of a file name.
function runId(given: string | undefined): string {
  return given !== undefined && /^[a-z0-9]+$/.test(given) ? given : newRun(Date.now(), process.pid);
}
