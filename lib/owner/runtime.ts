/**
 * What the runtime offers beside the language. Nothing here is imported: where it is not there, in a browser, it is
 * `undefined`, and a bundler has nothing to stumble over.
 */
import type * as AsyncHooks from 'node:async_hooks';
import type * as DiagnosticsChannel from 'node:diagnostics_channel';
import type * as Fs from 'node:fs';
import type * as Module from 'node:module';
import type * as Os from 'node:os';
import type * as Path from 'node:path';
import type * as Util from 'node:util';
import type * as V8 from 'node:v8';
import type * as Workers from 'node:worker_threads';

interface Builtins {
  readonly 'node:async_hooks': typeof AsyncHooks;
  readonly 'node:v8': typeof V8;
  readonly 'node:module': typeof Module;
  readonly 'node:diagnostics_channel': typeof DiagnosticsChannel;
  readonly 'node:path': typeof Path;
  readonly 'node:util': typeof Util;
  readonly 'node:fs': typeof Fs;
  readonly 'node:os': typeof Os;
  readonly 'node:worker_threads': typeof Workers;
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/** A module of the runtime, where it has it. */
export function builtin<Name extends keyof Builtins>(name: Name): Partial<Builtins[Name]> | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  try {
    return process?.getBuiltinModule?.(name) as Partial<Builtins[Name]> | undefined;
  } catch {
    return undefined;
  }
}

/** True where the runtime tells hooks of promises. It is tried: somebody else may have taken the hooks for himself. */
export function reportsPromises(): boolean {
  let isTold = false;
  const init = (): void => {
    isTold = true;
  };
  const stop = builtin('node:v8')?.promiseHooks?.createHook({ init } as never) as unknown as (() => void) | undefined;
  void Promise.resolve();
  stop?.();
  return isTold;
}
