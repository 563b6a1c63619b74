/**
 * Names the locks of libraries after the places in the program where they are made: all locks of one place are one class.
 */
import path from 'node:path';
import type { NewLock } from '../adapters/adapter.ts';
import type { Origin } from '../adapters/library-watcher.ts';
import type { Lockdep } from '../lockdep.ts';
import type { ClassIdentity } from '../state/classes.ts';
import { captureFrames, captureSite, type RawSite } from '../state/site.ts';
import { nameBefore } from './naming.ts';
import { originOf, type ResolverOptions, UNKNOWN_PLACE } from './resolver.ts';
import { isTool } from './tools.ts';

export class Places {
  readonly #lockdep: Lockdep;
  readonly #options: ResolverOptions;

  constructor(lockdep: Lockdep, options: ResolverOptions) {
    this.#lockdep = lockdep;
    this.#options = options;
  }

  /** The class of a lock that is being made; `undefined` for those that tools make for themselves. */
  origin({ kind, below, maker }: NewLock): Origin | undefined {
    const above = maker !== undefined && captureFrames(maker).length > 0 ? maker : below;
    const { key, derived } = originOf(captureFrames(above), this.#options);
    if (isTool(key)) {
      return undefined;
    }
    const place = key === UNKNOWN_PLACE ? this.#unknownPlace() : key;
    // Read for the first lock of a class only.
    const site = captureSite(above);
    return { key: `${kind} ${place}`, identity: () => this.#identity(site, { kind, derived }) };
  }

  // Locks that have nothing in common but that nobody knows where they were made must not become one class.
  #unknownPlace(): string {
    const { notes, state } = this.#lockdep;
    const note = 'Some locks were made at places that no stack trace shows: each of them is a class of its own.';
    if (!notes.includes(note)) {
      notes.push(note);
    }
    return `${UNKNOWN_PLACE} ${state.classes.instanceCount}`;
  }

  #identity(site: RawSite, { kind, derived }: { kind: string; derived: string | undefined }): ClassIdentity {
    const found = site.resolve(this.#lockdep.state.resolver);
    if (found === null) {
      return { key: kind, name: kind };
    }
    const place = `${found.file}:${found.line}`;
    const own = nameBefore(this.#textBefore(found)) ?? `${kind} at ${place}`;
    const name = derived === undefined ? own : `${derived}.${own}`;
    const maker = derived ?? found.function;
    return {
      key: `${name} (${place}:${found.column})`,
      name,
      site: maker === undefined ? found : { ...found, function: maker },
    };
  }

  #textBefore({ file, line, column }: { file: string; line: number; column: number }): string {
    const { sources, root } = this.#options;
    const at = (number: number): string => sources.line(path.resolve(root, file), number) ?? '';
    return `${at(line - 1)}\n${at(line).slice(0, column - 1)}`;
  }
}
