/**
 * Gives the exports of a watched library to its adapter, once for each copy that is loaded, however it is loaded.
 */
import type { Adapter, BuiltinAdapter, Exports, Watcher } from '../adapters/adapter.ts';
import { isObject } from '../adapters/calls.ts';
import type { SnapshotAdapter } from '../model/snapshot.ts';
import { DEFAULT_INSTANCE } from '../owner/default.ts';
import type { Session } from './session.ts';
import { isTool } from './tools.ts';
import { isSupported, versionOf } from './versions.ts';

export interface LoadedModule {
  readonly exports: Exports;
  /** Folder of the package. */
  readonly dir: string | undefined;
}

export class Watch {
  readonly #session: Session;
  readonly #watcher: Watcher;
  /** The watched form of each export, and of itself. */
  readonly #replaced = new WeakMap<object, unknown>();

  constructor(session: Session, watcher: Watcher) {
    this.#session = session;
    this.#watcher = watcher;
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
      const watched = adapter.watch(exports, this.#watcher) ?? undefined;
      this.#rememberReplacements(exports, watched ?? {});
      this.#note({ name: adapter.name, version, status: 'watched' });
      return watched;
    } catch (error) {
      console.error(`lockdep: ${adapter.name} ${version} is not watched:`, error);
      this.#note({ name: adapter.name, version, status: 'failed' });
      return undefined;
    }
  }

  /** Listens to what the runtime publishes. */
  attach(builtin: BuiltinAdapter): void {
    const version = process.version.slice(1);
    builtin.attach(this.#watcher, () => this.#note({ name: builtin.name, version, status: 'watched' }));
  }

  /** A library of locks was loaded that is not watched, and why. */
  unwatched(name: string, dir: string | undefined, status: SnapshotAdapter['status']): void {
    if (!isTool(dir ?? '')) {
      this.#note({ name, version: versionOf(dir), status });
    }
  }

  #knownReplacements(exports: Exports): Exports | undefined {
    const known: Exports = {};
    // A getter may load a module that nobody wants.
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
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
}
