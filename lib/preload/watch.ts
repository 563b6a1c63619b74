/**
 * Gives the exports of a watched library to its adapter, once for each copy that is loaded, however it is loaded.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Adapter, Exports, NewLock, Watcher } from '../adapters/adapter.ts';
import { isObject } from '../adapters/calls.ts';
import type { SnapshotAdapter } from '../model/snapshot.ts';
import { DEFAULT_INSTANCE } from '../owner/default.ts';
import type { ClassIdentity, LockInstance } from '../state/classes.ts';
import { captureFrames, captureSite, type RawSite } from '../state/site.ts';
import { nameBefore } from './naming.ts';
import { originOf, type ResolverOptions, UNKNOWN_PLACE } from './resolver.ts';
import type { Session } from './session.ts';
import { isTool } from './tools.ts';

export interface LoadedModule {
  readonly exports: Exports;
  /** Folder of the package. */
  readonly dir: string | undefined;
}

export class Watch {
  readonly #session: Session;
  readonly #options: ResolverOptions;
  readonly #watcher: Watcher;
  /** The watched form of each export, and of itself. */
  readonly #replaced = new WeakMap<object, unknown>();

  constructor(session: Session, options: ResolverOptions) {
    this.#session = session;
    this.#options = options;
    this.#watcher = {
      tracker: session.tracker,
      lock: (description) => this.#lock(description),
      site: captureSite,
      orElse: (unwatched, work) => session.lockdep.guarded(work) ?? unwatched,
    };
  }

  /** A world with a `Promise` of its own, such as that of a test file. */
  realm(promise: PromiseConstructor | undefined): void {
    if (promise !== undefined) {
      this.#session.tracker.watchRealm(promise);
    }
  }

  /** One checker for all worlds of the process. */
  share(world: object | undefined): void {
    if (world !== undefined && !Object.hasOwn(world, DEFAULT_INSTANCE)) {
      Object.defineProperty(world, DEFAULT_INSTANCE, { value: this.#session.lockdep });
    }
  }

  /** The exports to hand out by name, or `undefined` where all stay as they are. */
  watched(adapter: Adapter, { exports, dir }: LoadedModule): Exports | undefined {
    const again = this.#knownReplacements(exports);
    if (again !== undefined) {
      return again;
    }
    if (isTool(dir ?? '')) {
      return undefined;
    }
    const version = versionOf(dir);
    if (!isSupported(version, adapter.versions)) {
      this.#note({ name: adapter.name, version, status: 'unsupported-version' });
      return undefined;
    }
    try {
      const watched = adapter.watch(exports, this.#watcher);
      this.#rememberReplacements(exports, watched);
      this.#note({ name: adapter.name, version, status: 'watched' });
      return watched;
    } catch (error) {
      console.error(`lockdep: ${adapter.name} ${version} is not watched:`, error);
      this.#note({ name: adapter.name, version, status: 'failed' });
      return undefined;
    }
  }

  #knownReplacements(exports: Exports): Exports | undefined {
    const known: Exports = {};
    for (const [name, value] of Object.entries(exports)) {
      const replacement = isObject(value) ? this.#replaced.get(value) : undefined;
      if (replacement !== undefined) {
        known[name] = replacement;
      }
    }
    return Object.keys(known).length > 0 ? known : undefined;
  }

  #rememberReplacements(exports: Exports, watched: Exports): void {
    for (const [name, replacement] of Object.entries(watched)) {
      const original = exports[name];
      if (isObject(original) && isObject(replacement)) {
        this.#replaced.set(original, replacement);
        this.#replaced.set(replacement, replacement);
      }
    }
  }

  #note(adapter: SnapshotAdapter): void {
    const { adapters } = this.#session.lockdep;
    if (!adapters.some((one) => one.name === adapter.name && one.version === adapter.version)) {
      adapters.push(adapter);
    }
    this.#session.start();
  }

  #lock({ kind, capacity = 1, below, maker }: NewLock): LockInstance | undefined {
    const above = maker !== undefined && captureFrames(maker).length > 0 ? maker : below;
    const { key, derived } = originOf(captureFrames(above), this.#options);
    if (isTool(key)) {
      return undefined;
    }
    const place = key === UNKNOWN_PLACE ? this.#unknownPlace() : key;
    // Read for the first lock of a class only.
    const site = captureSite(above);
    const identity = (): ClassIdentity => this.#identity(site, { kind, derived });
    return this.#session.lockdep.lockOf({ key: `${kind} ${place}`, identity }, { kind, capacity });
  }

  // Locks that have nothing in common but that nobody knows where they were made must not become one class.
  #unknownPlace(): string {
    const { notes, state } = this.#session.lockdep;
    const note = 'Some locks were made at places that no stack trace shows: each of them is a class of its own.';
    if (!notes.includes(note)) {
      notes.push(note);
    }
    return `${UNKNOWN_PLACE} ${state.classes.instanceCount}`;
  }

  #identity(site: RawSite, { kind, derived }: { kind: string; derived: string | undefined }): ClassIdentity {
    const found = site.resolve(this.#session.lockdep.state.resolver);
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

function versionOf(dir: string | undefined): string {
  try {
    const text = readFileSync(path.join(dir ?? '', 'package.json'), 'utf8');
    return String((JSON.parse(text) as { version?: unknown }).version);
  } catch {
    return 'unknown';
  }
}

function isSupported(version: string, { from, below }: Adapter['versions']): boolean {
  return compare(version, from) >= 0 && compare(version, below) < 0;
}

function compare(left: string, right: string): number {
  const [one, two] = [left, right].map((version) => version.split(/[.-]/).slice(0, 3).map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (one?.[at] ?? 0) - (two?.[at] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
