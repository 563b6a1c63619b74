/**
 * Calls that block the whole thread: the `…Sync` functions of files, processes, cryptography and compression, and
 * `Atomics.wait`. Those that are quick as a rule, such as `existsSync`, count too: on a slow disk none of them is.
 * Modules see them however they import them: the names of ES modules are brought up to date.
 */
import { builtin } from './runtime.ts';
import { type Place, WatchedCalls } from './watched-calls.ts';

const MODULES = ['node:fs', 'node:child_process', 'node:crypto', 'node:zlib'];

const modules = builtin as (name: string) => object | undefined;

/** Those of this copy of the package. */
export const blockingCalls: WatchedCalls = new WatchedCalls(places, () => {
  builtin('node:module')?.syncBuiltinESMExports?.();
});

function places(): readonly Place[] {
  const synchronous = MODULES.flatMap((name) => placesIn(modules(name) ?? {}));
  return [...synchronous, ...nativePlaces(), { target: Atomics, name: 'wait', say: () => ({ call: 'Atomics.wait' }) }];
}

function placesIn(target: object): Place[] {
  const names = Object.keys(target).filter((name) => name.endsWith('Sync'));
  return names.map((name) => ({ target, name, say: () => ({ call: name }) }));
}

/** A function may have another one as its property. */
function nativePlaces(): Place[] {
  const target = builtinFs()?.realpathSync;
  return target === undefined ? [] : [{ target, name: 'native', say: () => ({ call: 'realpathSync.native' }) }];
}

function builtinFs(): { readonly realpathSync?: object } | undefined {
  return modules('node:fs');
}
