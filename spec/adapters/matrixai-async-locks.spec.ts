// The adapter in this process, with the CommonJS major: watched locks do what plain ones do, to the turn.
import { matrixaiAsyncLocks } from '../../lib/adapters/matrixai-async-locks.ts';
import { bothWays, ending, freshCopy, shapeOf, startWatching } from '../support/libraries.ts';

type Cancellable<Value> = Promise<Value> & { cancel(reason?: unknown): void };
type Release = () => Promise<void>;
type Acquire = () => Cancellable<[Release, object]>;

interface Lock {
  lock(...params: unknown[]): Acquire;
  waitForUnlock(...params: unknown[]): Cancellable<void>;
  withF<Result>(...params: unknown[]): Promise<Result>;
  isLocked(...params: unknown[]): boolean;
}

interface RwLock extends Lock {
  read(context?: object): Acquire;
  write(context?: object): Acquire;
}

interface Box extends Lock {
  lockMulti(...requests: unknown[]): [string, Acquire][];
}

type Class<One> = { new (...args: unknown[]): One; readonly prototype: One };

interface Library {
  readonly Lock: Class<Lock>;
  readonly Semaphore: Class<Lock>;
  readonly RWLockReader: Class<RwLock>;
  readonly RWLockWriter: Class<RwLock>;
  readonly LockBox: Class<Box>;
  readonly Monitor: Class<Lock>;
}

const fresh = (): Library => ({
  ...(freshCopy('spec/libraries/previous/node_modules/@matrixai/async-locks/dist/index.js') as unknown as Library),
});

/** How an acquire ends and in how many turns, and its release. */
async function visit(acquire: Acquire): Promise<readonly string[]> {
  const promise = acquire();
  // Without the text of the release.
  const taken = (await ending(() => promise)).replace(/^(\w+) .* in (\d+)$/s, '$1 in $2');
  const [release] = await promise;
  return [taken, release.name, String(release.length), await ending(() => release()), await ending(() => release())];
}

const SCENES: Readonly<Record<string, (library: Library) => unknown>> = {
  'acquires and releases': async ({ Lock, Semaphore, RWLockReader, RWLockWriter, LockBox }) => {
    const table = new RWLockReader();
    const other = new RWLockWriter();
    const box = new LockBox();
    return [
      await visit(new Lock().lock()),
      await visit(new Semaphore(3).lock(2)),
      await visit(table.read()),
      await visit(table.write()),
      await visit(table.lock('read')),
      await visit(other.read()),
      await visit(other.lock()),
      await visit(box.lock(['b', Lock], ['a', RWLockWriter, 'read'])),
      ...(await Promise.all(box.lockMulti(['b', Lock], ['a', Lock]).map(([, acquire]) => visit(acquire)))),
    ];
  },
  'the order in which calls that wait go on': async ({ Lock, RWLockWriter }) => {
    const said: string[] = [];
    const lock = new Lock();
    const table = new RWLockWriter();
    const run = async (name: string, acquire: Acquire): Promise<void> => {
      const [release] = await acquire();
      said.push(`${name} in`);
      await null;
      await release();
      said.push(`${name} out`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => run(name, lock.lock())));
    await Promise.all([run('r', table.read()), run('w', table.write()), run('r', table.read())]);
    await lock.withF(async () => said.push('with'));
    return said;
  },
  'waits that are cancelled or time out': async ({ Lock }) => {
    const lock = new Lock();
    const [release] = await lock.lock()();
    const reason = new Error('cancelled');
    const cancelled = lock.lock()();
    const isOwn = [cancelled.constructor.name, typeof cancelled.cancel, cancelled instanceof Promise];
    cancelled.cancel(reason);
    const failed = await cancelled.catch((error: unknown) => error === reason);
    const late = await lock
      .lock({ timer: 1 })()
      .catch((error: Error) => error.constructor.name);
    const waiting = await lock.waitForUnlock({ timer: 1 }).catch((error: Error) => error.constructor.name);
    await release();
    return [isOwn, failed, late, waiting, await ending(() => lock.waitForUnlock()), lock.isLocked()];
  },
  'wrong arguments': ({ Semaphore, Lock, LockBox }) => {
    const said = (work: () => unknown): string => {
      try {
        return String(work());
      } catch (error) {
        return String(error);
      }
    };
    return [
      said(() => new Semaphore(0)),
      said(() => new Semaphore(1).lock(0)),
      said(() => (Lock as unknown as () => unknown)()),
      said(() => new LockBox().lockMulti(5)),
    ];
  },
  'names, attributes and instances': ({ Lock, Semaphore, RWLockReader, RWLockWriter, LockBox, Monitor }) => {
    class Named extends Lock {}
    const classes = [Lock, Semaphore, RWLockReader, RWLockWriter, LockBox, Monitor] as Class<object>[];
    return [
      ...classes.map((one) => [shapeOf(one), shapeOf(one.prototype), new one(1) instanceof one]),
      shapeOf(new Named()),
      new Named() instanceof Lock,
      shapeOf(new Lock().lock()),
      shapeOf(new LockBox().lock(['a', Lock])),
    ];
  },
  'locks that are frozen, or behind a proxy': async ({ Lock }) => [
    await visit(Object.freeze(new Lock()).lock()),
    await visit(new Proxy(new Lock(), {}).lock()),
  ],
  'a class of the program in a box': async ({ Lock, LockBox }) => {
    class Named extends Lock {
      readonly name = 'named';
    }
    const box = new LockBox();
    const given: unknown[] = [];
    await box.withF(['a', Named], async (same: unknown) => given.push(same === box));
    for (const [key, acquire] of box.lockMulti(['k', Named])) {
      const [release, lock] = await acquire();
      given.push(key, lock instanceof Named, lock.constructor === Named, (lock as Named).name);
      await release();
    }
    return given;
  },
};

it.each(Object.entries(SCENES))('%s: the same, watched or not', async (_, scene) => {
  const { plain, watched } = await bothWays(matrixaiAsyncLocks, fresh, scene);
  expect(watched).toEqual(plain);
});

it('locks and boxes that were made before are watched when they are handed over', async () => {
  const { watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
  const { Lock, LockBox, Semaphore, RWLockReader, RWLockWriter } = fresh();
  const box = new LockBox();
  const locks = [new Lock(), new Semaphore(2), new RWLockReader(), new RWLockWriter(), box];
  for (const lock of locks) {
    const before = shapeOf(lock);
    expect(matrixaiAsyncLocks.adopt?.(lock, watcher)).toBe(lock);
    expect(shapeOf(lock)).toEqual(before);
  }
  const [release] = await box.lock(['a', Lock])();
  await box
    .lock(['a', Lock], { timer: 1 })()
    .catch(() => {});
  await release();
  expect(lockdep.violations).toMatchObject([{ rule: 'recursion', sameInstance: true }]);
  stop();
});

it.each([
  {},
  [],
  () => {},
  new Map(),
  { semaphore: {} },
  { limit: 1, queue: [], currentWeight: 0 },
  { _locks: new Map() },
])('adopts nothing else: %p', (other) => {
  const { watcher, stop } = startWatching();
  expect(matrixaiAsyncLocks.adopt?.(other, watcher)).toBeUndefined();
  stop();
});
