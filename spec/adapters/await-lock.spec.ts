// The adapter in this process, with both majors: a watched lock does what a plain one does, to the turn.
import { awaitLock } from '../../lib/adapters/await-lock.ts';
import { watch as watchByHand } from '../../lib/adapters/by-hand.ts';
import { createLockdep } from '../../lib/lockdep.ts';
import type { FlowTracker } from '../../lib/owner/tracker.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { bothWays, ending, freshCopy, freshModule, shapeOf, startWatching } from '../support/libraries.ts';

interface AwaitLock {
  readonly acquired: boolean;
  acquireAsync(options?: { readonly timeout?: number | null } | null): Promise<void>;
  tryAcquire(): boolean;
  release(): void;
}

interface Library {
  readonly default: { new (): AwaitLock; readonly prototype: AwaitLock };
}

const FRESH: Readonly<Record<string, () => Library>> = {
  3: () => freshModule('spec/libraries/node_modules/await-lock/build/AwaitLock.js') as unknown as Library,
  2: () => freshCopy('spec/libraries/previous/node_modules/await-lock/build/AwaitLock.js') as unknown as Library,
};

const SCENES: Readonly<Record<string, (library: Library) => unknown>> = {
  'acquires and releases': async ({ default: Lock }) => {
    const lock = new Lock();
    const first = await ending(() => lock.acquireAsync());
    const second = ending(() => lock.acquireAsync());
    const third = ending(() => lock.acquireAsync({}));
    const given = String(lock.release());
    lock.release();
    lock.tryAcquire();
    return [first, given, await second, await third, lock.acquired];
  },
  'the order in which calls that wait go on': async ({ default: Lock }) => {
    const lock = new Lock();
    const said: string[] = [];
    const visit = async (name: string): Promise<void> => {
      await lock.acquireAsync(name === 'c' ? { timeout: 1000 } : undefined);
      said.push(`${name} in`);
      await null;
      lock.release();
      said.push(`${name} out`);
    };
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(visit));
    return said;
  },
  tries: ({ default: Lock }) => {
    const lock = new Lock();
    const taken = [lock.tryAcquire(), lock.tryAcquire()];
    lock.release();
    return [...taken, lock.tryAcquire(), lock.acquired];
  },
  'a wait that times out, and one behind it': async ({ default: Lock }) => {
    const lock = new Lock();
    lock.tryAcquire();
    const failed = lock.acquireAsync({ timeout: 1 });
    const next = lock.acquireAsync();
    const error = await failed.catch((thrown: Error) => [thrown.constructor === Error, thrown.message]);
    lock.release();
    return [error, await ending(() => next)];
  },
  'a promise of its own for each call': ({ default: Lock }) => {
    const lock = new Lock();
    const promises = [lock.acquireAsync(), lock.acquireAsync(), lock.acquireAsync({ timeout: 1000 })];
    lock.release();
    lock.release();
    return [
      new Set(promises).size,
      promises.every((one) => one.constructor === Promise),
      ...promises.map(Reflect.ownKeys),
    ];
  },
  'wrong use': async ({ default: Lock }) => {
    const lock = new Lock();
    return [
      await ending(() => lock.release()),
      await ending(() => lock.acquireAsync(null)),
      lock.acquired,
      await ending(() => Lock.prototype.tryAcquire.call(undefined as never)),
      await ending(() => Lock.prototype.acquireAsync.call({} as never)),
      await ending(() => new Proxy(lock, {}).tryAcquire()),
      await ending(() => (Lock as unknown as () => unknown)()),
    ];
  },
  'a class that derives from it': async ({ default: Lock }) => {
    class Named extends Lock {
      override async acquireAsync(): Promise<void> {
        await super.acquireAsync();
      }
    }
    const lock = new Named();
    const first = await ending(() => lock.acquireAsync());
    return [lock instanceof Lock, lock.constructor === Named, first, lock.release()];
  },
  'a frozen one': async ({ default: Lock }) => {
    const lock = Object.freeze(new Lock());
    const first = await ending(() => lock.acquireAsync());
    return [first, lock.release(), lock.acquired];
  },
  'the shape of everything': ({ default: Lock }) => [
    shapeOf(Lock.prototype),
    shapeOf(Lock),
    shapeOf(new Lock()),
    new Lock().constructor === Lock,
  ],
};

/** What the scenes do wrong on purpose. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  'wrong use': ['bad-release'],
  'a wait that times out, and one behind it': ['recursion'],
};

describe.each(Object.entries(FRESH))('await-lock %s', (_, fresh) => {
  it.each(Object.entries(SCENES))('%s: as without the checker', async (name, scene) => {
    const { plain, watched, rules } = await bothWays(awaitLock, fresh, scene);
    expect(watched).toEqual(plain);
    expect(rules).toEqual(FOUND[name] ?? []);
  });

  it.each(['before', 'after'])('works when somebody else patches it %s us', async (when) => {
    let calls = 0;
    const wrap = (library: Library): Library => {
      const { release } = library.default.prototype;
      library.default.prototype.release = function (this: AwaitLock) {
        calls++;
        release.call(this);
      };
      return library;
    };
    const { watched, watcher, stop } = startWatching({ onViolation: 'collect' });
    const library = when === 'before' ? watched(awaitLock, wrap(fresh())) : wrap(watched(awaitLock, fresh()));
    const lock = new library.default();
    const instance = watcher.lockOf(lock) as LockInstance;
    await lock.acquireAsync();
    const held = watcher.tracker.holders(instance).length;
    lock.release();
    stop();
    expect([held, watcher.tracker.holders(instance).length, calls]).toEqual([1, 0, 1]);
  });

  it('the next one has the lock as soon as it is released', async () => {
    const { watched, watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
    const { default: Lock } = watched(awaitLock, fresh());
    const lock = new Lock();
    const instance = watcher.lockOf(lock) as LockInstance;
    const hold = async (): Promise<void> => {
      await lock.acquireAsync();
      await null;
      lock.release();
      expect(watcher.tracker.holders(instance)).toHaveLength(lock.acquired ? 1 : 0);
    };
    await Promise.all([hold(), hold(), hold()]);
    stop();
    expect(lockdep.violations).toEqual([]);
  });

  it('one that was made elsewhere is adopted, even while it is held', async () => {
    const { default: Lock } = fresh();
    const lock = new Lock();
    await lock.acquireAsync();
    const early = lock.acquireAsync();
    const lockdep = createLockdep({ onViolation: 'collect' });
    expect(watchByHand(lock, 'desk', { lockdep })).toBe(lock);
    const late = lock.acquireAsync();
    lock.release();
    await early;
    lock.release();
    await late;
    lock.release();
    expect(lockdep.violations).toEqual([]);
    expect(() => lock.release()).toThrow('Cannot release an unacquired lock');
    expect(lockdep.violations.map(({ rule, message }) => [rule, message])).toEqual([
      ['bad-release', expect.stringContaining('releases desk, which nobody holds')],
    ]);
    (lockdep.flows as unknown as FlowTracker).stop();
  });

  it('what is no lock is not adopted', () => {
    const { watcher, stop } = startWatching();
    const { default: Lock } = fresh();
    const { acquireAsync, tryAcquire, release } = Lock.prototype;
    const alike = Object.create({ acquireAsync, tryAcquire, release }) as object;
    const others = [{}, [], () => {}, Object.create(Lock.prototype) as object, alike];
    expect(others.map((one) => awaitLock.adopt?.(one, watcher))).toEqual(others.map(() => undefined));
    stop();
  });
});
