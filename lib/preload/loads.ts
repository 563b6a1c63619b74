/**
 * Sees CommonJS modules at the end of their load, whoever loads them: an `import` of one goes past `require`. So a library
 * is also watched where `import 'lockdep/register'` stands in the same module as its own import, and before it.
 */
import * as nodeModule from 'node:module';
import { likeOriginal } from '../adapters/calls.ts';

interface LoadingModule {
  exports: unknown;
}

interface ModuleClass {
  readonly prototype: { load(this: LoadingModule, file: string): unknown };
}

/** @param loaded gives the exports to hand out for a file */
export function watchLoads(loaded: (file: string, exports: unknown) => unknown): void {
  const { prototype } = nodeModule.Module as unknown as ModuleClass;
  const { load } = prototype;
  prototype.load = likeOriginal(function (this: LoadingModule, file: string) {
    const result = load.call(this, file);
    const { exports } = this;
    const watched = loaded(file, exports);
    if (watched !== exports) {
      this.exports = watched;
    }
    return result;
  }, load);
}
