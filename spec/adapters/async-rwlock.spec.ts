// The adapter in this process: a watched lock does what a plain one does, to the turn.
import { asyncRwlock } from '../../lib/adapters/async-rwlock.ts';
import { bothWays, ending, freshCopy, shapeOf, startWatching } from '../support/libraries.ts';

interface RwLock {
  readLock(timeout?: number): Promise<void>;
  writeLock(timeout?: number): Promise<void>;
  unlock(): void;
  getState(): number;
}

interface Library {
  readonly RWLock: { new (): RwLock; readonly prototype: RwLock };
  readonly ErrTimeout: Error;
  readonly ErrNotLocked: Error;
}

const fresh = (): Library => freshCopy('spec/libraries/node_modules/async-rwlock/dist/index.js') as unknown as Library;

const SCENES: Readonly<Record<string, (library: Library) => unknown>> = {
  'readers, writers and their turns': async ({ RWLock }) => {
    const lock = new RWLock();
    const readers = await Promise.all([ending(() => lock.readLock()), ending(() => lock.readLock())]);
    const writer = ending(() => lock.writeLock());
    const late = ending(() => lock.readLock());
    lock.unlock();
    lock.unlock();
    const given = [...readers, await late];
    lock.unlock();
    return [...given, await writer, lock.getState()];
  },
  'an unlock too many': async ({ RWLock, ErrNotLocked }) => {
    const lock = new RWLock();
    try {
      lock.unlock();
    } catch (error) {
      return error === ErrNotLocked;
    }
    return undefined;
  },
  'a wait that times out': async ({ RWLock, ErrTimeout }) => {
    const lock = new RWLock();
    await lock.writeLock();
    return lock.readLock(1).catch((error: unknown) => error === ErrTimeout);
  },
  'methods that are taken off the lock': async ({ RWLock }) => {
    const { readLock, writeLock, unlock, getState } = new RWLock();
    const read = await ending(() => readLock());
    const write = ending(() => writeLock());
    unlock();
    return [read, await write, getState()];
  },
  'names, attributes and instances': ({ RWLock }) => {
    class Named extends RWLock {
      readonly name = 'named';
    }
    const named = new Named();
    return [
      shapeOf(RWLock),
      shapeOf(RWLock.prototype),
      shapeOf(new RWLock()),
      shapeOf(named),
      named instanceof RWLock,
      new RWLock().constructor === RWLock,
    ];
  },
  'a lock behind a proxy': async ({ RWLock }) => {
    const lock = new Proxy(new RWLock(), {});
    const taken = await ending(() => lock.writeLock());
    lock.unlock();
    return [taken, lock.getState()];
  },
};

it.each(Object.entries(SCENES))('%s: the same, watched or not', async (_, scene) => {
  const { plain, watched } = await bothWays(asyncRwlock, fresh, scene);
  expect(watched).toEqual(plain);
});

it('a method that somebody else has wrapped, before or after, is watched once', async () => {
  const { watched, watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
  const library = fresh();
  const calls: string[] = [];
  const wrap = (name: 'readLock' | 'unlock'): void => {
    const original = library.RWLock.prototype[name] as (...args: never[]) => unknown;
    library.RWLock.prototype[name] = function wrapped(this: RwLock, ...args: never[]) {
      calls.push(name);
      return original.apply(this, args);
    } as never;
  };
  wrap('readLock');
  const { RWLock } = watched(asyncRwlock, library);
  wrap('unlock');
  const lock = new RWLock();
  await lock.readLock();
  const known = watcher.lockOf(lock);
  expect(known && watcher.tracker.holders(known)).toHaveLength(1);
  lock.unlock();
  expect(known && watcher.tracker.holders(known)).toHaveLength(0);
  expect(calls).toEqual(['readLock', 'unlock']);
  expect(lockdep.violations).toEqual([]);
  stop();
});

it('a lock that was made before is watched when it is handed over', async () => {
  const { watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
  const { RWLock } = fresh();
  const lock = new RWLock();
  const before = shapeOf(lock);
  expect(asyncRwlock.adopt?.(lock, watcher)).toBe(lock);
  expect(shapeOf(lock)).toEqual(before);
  await lock.readLock();
  await lock.writeLock(1).catch(() => {});
  lock.unlock();
  // The library gives the lock to the writer that has given up.
  expect(lockdep.violations.map(({ rule }) => rule).sort()).toEqual(['abandoned', 'recursion']);
  stop();
});

it.each([{}, [], () => {}, new Map(), { pendingReaders: [], pendingWriters: [], numReaders: 0, state: 0 }])(
  'adopts nothing else: %p',
  (other) => {
    const { watcher, stop } = startWatching();
    expect(asyncRwlock.adopt?.(other, watcher)).toBeUndefined();
    stop();
  },
);
