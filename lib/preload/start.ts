/**
 * Preloaded into every Node process and worker of a watched run. Does nothing where the checker is switched off, or is
 * there already.
 */
import path from 'node:path';
import { ADAPTERS } from '../adapters/index.ts';
import { isOff } from '../off-switch.ts';
import { type Switches, watchChildren } from './children.ts';
import { watchModules } from './modules.ts';
import { nodeResolver, type ResolverOptions } from './resolver.ts';
import { Session } from './session.ts';
import { Sources } from './source.ts';
import { Watch } from './watch.ts';
import { isInternalThread, watchWorkers } from './workers.ts';

const DEFAULT_INSTANCE = Symbol.for('lockdep/1');

/**
 * Starts the checker in this process.
 * @param file absolute path of the file that is preloaded
 */
export function start(file: string): void {
  const shared = globalThis as { [DEFAULT_INSTANCE]?: unknown };
  if (shared[DEFAULT_INSTANCE] !== undefined || isOff() || isInternalThread()) {
    return;
  }
  const dir = path.resolve(process.env['LOCKDEP_DIR'] ?? '.lockdep');
  const run = runId(process.env['LOCKDEP_RUN']);
  const root = path.resolve(process.env['LOCKDEP_ROOT'] ?? process.cwd());
  const options: ResolverOptions = {
    root,
    own: path.dirname(path.dirname(file)),
    passOver: () => PASSED_OVER,
    sources: new Sources(),
  };
  const session = new Session({ dir, run, resolver: nodeResolver(options) });
  Object.defineProperty(shared, DEFAULT_INSTANCE, { value: session.lockdep, configurable: true });
  watchModules(ADAPTERS, new Watch(session, options), file);
  const switches: Switches = { preload: file, variables: { LOCKDEP_DIR: dir, LOCKDEP_RUN: run, LOCKDEP_ROOT: root } };
  watchChildren(switches);
  watchWorkers(switches);
}

/** The watched libraries, and what they are compiled against. */
const PASSED_OVER = [...ADAPTERS.map((adapter) => adapter.name), 'tslib'];

// It becomes part of a file name.
function runId(given: string | undefined): string {
  return given !== undefined && /^[a-z0-9]+$/.test(given) ? given : `${Date.now().toString(36)}p${process.pid}`;
}
