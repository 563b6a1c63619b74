/**
 * Takes the checker along into worker threads. Node preloads into them by itself, unless a worker is started with an
 * environment of its own.
 */
import { syncBuiltinESMExports } from 'node:module';
import workerThreads, { isMainThread, parentPort } from 'node:worker_threads';
import { carries, type Switches, withEnvironment, withSwitches } from './children.ts';

/** True in a thread that Node runs for itself, such as the one for module hooks: nothing of the program is there. */
export function isInternalThread(): boolean {
  return !isMainThread && parentPort === null;
}

/** From now on every worker that this thread starts carries the checker. */
export function watchWorkers(switches: Switches): void {
  const { Worker } = workerThreads;
  const watched = new Proxy(Worker, {
    construct(target, [file, options, ...rest], newTarget) {
      return Reflect.construct(target, [file, carrying(options, switches), ...rest], newTarget) as object;
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

function carrying(options: unknown, switches: Switches): unknown {
  const { env, execArgv } = (options ?? {}) as { env?: unknown; execArgv?: unknown };
  // A symbol means that the worker shares the environment of its parent. Without an environment the worker is started with
  // the switches of its parent, unless it has some of its own: then those of the environment are read again.
  const read = env ?? (Array.isArray(execArgv) ? process.env : undefined);
  if (typeof read !== 'object' || read === null) {
    return options;
  }
  // Unlike the functions that start processes, a worker gets nothing that is inherited.
  const own = { ...read } as Record<string, string>;
  return carries(own, switches) ? options : withEnvironment(options as object, withSwitches(own, switches));
}
