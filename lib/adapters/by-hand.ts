/**
 * `watch(lock, name)`: a lock of a library, handed over by the program itself.
 */
import type { Lockdep } from '../lockdep.ts';
import { checkName, checkObject } from '../options.ts';
import { flowsOf } from '../owner/flows.ts';
import { lockdep as shared } from '../owner/shared.ts';
import { shown } from '../shown.ts';
import type { Adapter } from './adapter.ts';
import { isObject } from './calls.ts';
import { ADAPTERS, BUILTINS } from './index.ts';
import { LibraryWatcher } from './library-watcher.ts';

export interface WatchOptions {
  /** Which of the locks with this name it is, where there is one for each key: two locks for one key are a defect. */
  readonly key?: string;
  /** The checker. @default the one of the process */
  readonly lockdep?: Lockdep;
  /** An adapter of one's own that knows the lock. */
  readonly adapter?: Adapter;
}

/**
 * Watches a lock, semaphore, limiter, queue or pool of a library that has an adapter, under a name of the program's own.
 * @param name of its class: two locks with one name are two of one class
 * @returns what to use in its place: the lock itself, but for limiters that are functions
 * @throws TypeError for a wrong name or option, and for an object that no adapter knows
 * @throws Error for a lock that is in use and is known by another name
 */
export function watch<One extends object>(lock: One, name: string, options: WatchOptions = {}): One {
  checkText('name', name);
  const { lockdep, key, adapter } = checkedOptions(options);
  if (!isObject(lock)) {
    throw new TypeError(`lock: expected a lock of a library, got ${shown(lock)}`);
  }
  if (lockdep.isOff) {
    return lock;
  }
  const watcher = watcherOf(lockdep);
  const known = watcher.lockOf(lock);
  if (known !== undefined) {
    watcher.rename(known, name, key);
    return lock;
  }
  const adapters = adapter === undefined ? [...ADAPTERS, ...BUILTINS] : [adapter];
  const adopted = watcher.naming(name, key, () => {
    for (const one of adapters) {
      const found = one.adopt?.(lock, watcher);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  });
  if (adopted === undefined) {
    const names = adapters.filter(({ adopt }) => adopt !== undefined).map((one) => one.name);
    throw new TypeError(
      `lock: ${shown(lock)} is none that an adapter knows (${names.join(', ')}); write one with defineAdapter() of lockdep/adapter`,
    );
  }
  return adopted as One;
}

interface Checked {
  readonly lockdep: Lockdep;
  readonly key: string | undefined;
  readonly adapter: Adapter | undefined;
}

function checkedOptions(options: WatchOptions): Checked {
  checkObject('options', options);
  const { lockdep = shared, key, adapter, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new TypeError(`options: there is no ${shown(unknown)}; there are key, lockdep and adapter`);
  }
  if (key !== undefined) {
    checkText('key', key);
  }
  if (!(lockdep instanceof Object && 'lockOf' in lockdep)) {
    throw new TypeError(`lockdep: expected a checker made by createLockdep(), got ${shown(lockdep)}`);
  }
  if (adapter !== undefined && typeof adapter?.adopt !== 'function') {
    throw new TypeError(`adapter: expected one with adopt(lock, watcher), got ${shown(adapter)}`);
  }
  return { lockdep, key, adapter };
}

function checkText(what: string, value: unknown): void {
  checkName(what, value);
  if ((value as string).trim() === '') {
    throw new TypeError(`${what}: expected a text that says something, got ${shown(value)}`);
  }
}

function watcherOf(lockdep: Lockdep): LibraryWatcher {
  // One that was made by another copy of the package does as well.
  const known = lockdep.watcher as LibraryWatcher | null;
  const watcher =
    known ??
    new LibraryWatcher(lockdep, flowsOf(lockdep), { origin: ({ below, kind }) => lockdep.origin(below, kind) });
  lockdep.watcher = watcher;
  return watcher;
}
