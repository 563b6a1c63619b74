/**
 * Takes the checker along into worker threads. Node preloads into them by itself, unless a worker is started with an
 * environment of its own.
 */
import { syncBuiltinESMExports } from 'node:module';
import workerThreads, { isMainThread, parentPort } from 'node:worker_threads';
import { type Switches, withSwitches } from './children.ts';

/** True in a thread that Node runs for itself, such as the one for module hooks: nothing of the program is there. */
export function isInternalThread(): boolean {
  return !isMainThread && parentPort === null;
}

/** From now on every worker that this thread starts carries the checker. */
export function watchWorkers(switches: Switches): void {
  const { Worker } = workerThreads;
  const watched = new Proxy(Worker, {
    construct(target, [file, options, ...rest], newTarget) {
      return Reflect.construct(target, [file, withEnvironment(options, switches), ...rest], newTarget) as object;
    },
  });
  Worker.prototype.constructor = watched;
  Object.defineProperty(workerThreads, 'Worker', {
    value: watched,
    writable: true,
    configurable: true,
    enumerable: true,
  });
  syncBuiltinESMExports();
}

function withEnvironment(options: unknown, switches: Switches): unknown {
  const env = (options as { env?: unknown } | undefined)?.env;
  // A symbol means that the worker shares the environment of its parent.
  if (typeof env !== 'object' || env === null) {
    return options;
  }
  return { ...(options as object), env: withSwitches(env as Record<string, string>, switches) };
}
