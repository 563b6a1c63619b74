// The adapter in this process: a watched semaphore does what a plain one does, to the turn.
import { watch as watchByHand } from '../../lib/adapters/by-hand.ts';
import { semaphoreAsyncAwait } from '../../lib/adapters/semaphore-async-await.ts';
import { createLockdep } from '../../lib/lockdep.ts';
import type { FlowTracker } from '../../lib/owner/tracker.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { bothWays, ending, freshCopy, shapeOf, startWatching } from '../support/libraries.ts';

interface Semaphore {
  wait(): Promise<boolean>;
  acquire(): Promise<boolean>;
  waitFor(milliseconds: number): Promise<boolean>;
  tryAcquire(): boolean;
  drainPermits(): number;
  signal(): void;
  release(): void;
  getPermits(): number;
  execute<Result>(work: () => Result | PromiseLike<Result>): Promise<Result>;
}

interface Library {
  readonly default: { new (permits: number): Semaphore; readonly prototype: Semaphore };
  readonly Lock: { new (): Semaphore; readonly prototype: Semaphore };
}

const fresh = (): Library =>
  freshCopy('spec/libraries/node_modules/semaphore-async-await/dist/index.js') as unknown as Library;

const SCENES: Readonly<Record<string, (library: Library) => unknown>> = {
  'acquires and releases': async ({ default: Semaphore }) => {
    const one = new Semaphore(1);
    const first = await ending(() => one.acquire());
    const waits = [ending(() => one.wait()), ending(() => one.acquire()), ending(() => one.waitFor(1000))];
    const given = [one.signal(), one.release(), one.signal()];
    return [first, given, await Promise.all(waits), one.getPermits()];
  },
  'the order in which calls that wait go on': async ({ Lock }) => {
    const lock = new Lock();
    const said: string[] = [];
    const visit = async (name: string): Promise<void> => {
      await (name === 'c' ? lock.waitFor(1000) : lock.wait());
      said.push(`${name} in`);
      await null;
      lock.signal();
      said.push(`${name} out`);
    };
    const run = (name: string): Promise<unknown> =>
      lock.execute(async () => {
        said.push(`${name} runs`);
        await null;
        said.push(`${name} ran`);
      });
    await Promise.all([visit('a'), run('b'), visit('c'), run('d'), visit('e')]);
    return said;
  },
  'work by a function': async ({ Lock }) => {
    const lock = new Lock();
    const failure = new Error('thrown');
    const calls = [
      await ending(() => lock.execute(() => 1)),
      await ending(() => lock.execute(async () => 2)),
      await ending(() => lock.execute(() => Promise.reject(failure))),
      await ending(() => lock.execute(5 as never)),
    ];
    const error = await lock
      .execute(() => {
        throw failure;
      })
      .catch((thrown: unknown) => thrown === failure);
    const seen = await lock.execute(function work(this: unknown, ...args: unknown[]) {
      return [this === undefined, args.length];
    } as () => unknown);
    return [calls, error, seen, lock.getPermits()];
  },
  'tries and takes what there is': ({ default: Semaphore }) => {
    const some = new Semaphore(3);
    const taken = [some.tryAcquire(), some.drainPermits(), some.drainPermits(), some.tryAcquire()];
    some.release();
    return [...taken, some.tryAcquire(), some.getPermits()];
  },
  'a wait that ends': async ({ Lock }) => {
    const lock = new Lock();
    const hold = async (): Promise<void> => {
      await lock.acquire();
      await until;
      lock.signal();
    };
    let open: () => void = () => {};
    const until = new Promise<void>((resolve) => {
      open = resolve;
    });
    const held = hold();
    const given = await lock.waitFor(1);
    open();
    await held;
    return [given, lock.getPermits(), await ending(() => lock.waitFor(1))];
  },
  'one that begins empty, or below': async ({ default: Semaphore }) => {
    const [empty, below] = [new Semaphore(0), new Semaphore(-1)];
    const waits = [ending(() => empty.wait()), ending(() => below.wait())];
    empty.signal();
    below.signal();
    below.signal();
    return [await Promise.all(waits), empty.getPermits(), below.getPermits()];
  },
  'wrong use': async ({ default: Semaphore, Lock }) => [
    await ending(() => Semaphore.prototype.signal.call(undefined as never)),
    await ending(() => Semaphore.prototype.wait.call(undefined as never)),
    await ending(() => Semaphore.prototype.tryAcquire.call({} as never)),
    await ending(() => new Semaphore(undefined as never).tryAcquire()),
    new Lock().getPermits(),
  ],
  'a class that derives from it': async ({ Lock, default: Semaphore }) => {
    const said: string[] = [];
    class Named extends Lock {
      override wait(): Promise<boolean> {
        said.push('wait');
        return super.wait();
      }
      override signal(): void {
        said.push('signal');
        super.signal();
      }
    }
    const lock = new Named();
    await lock.execute(() => said.push('work'));
    await lock.acquire();
    lock.release();
    return [said, lock instanceof Lock, lock instanceof Semaphore, lock.constructor === Named, lock.getPermits()];
  },
  'one behind a Proxy': async ({ Lock }) => {
    const lock = new Proxy(new Lock(), {});
    const ways = [await ending(() => lock.acquire()), lock.release(), await ending(() => lock.execute(() => 1))];
    return [...ways, lock.getPermits()];
  },
  'a frozen one': async ({ Lock }) => {
    const lock = Object.freeze(new Lock());
    const ends = [await ending(() => lock.acquire()), await ending(() => lock.signal())];
    // The engine's name for an object depends on its constructor, which is another one.
    return ends.map((text) => text.replace(/'[^']*'(?= in |$)/, 'it'));
  },
  'the shape of everything': ({ default: Semaphore, Lock }) => [
    shapeOf(Semaphore.prototype),
    shapeOf(Semaphore),
    shapeOf(Lock.prototype),
    shapeOf(Lock),
    shapeOf(new Semaphore(2)),
    new Semaphore(1).constructor === Semaphore,
    new Lock().constructor === Lock,
  ],
};

it.each(Object.entries(SCENES))('%s: as without the checker, and nothing to find', async (_, scene) => {
  const { plain, watched, rules } = await bothWays(semaphoreAsyncAwait, fresh, scene);
  expect(watched).toEqual(plain);
  expect(rules).toEqual([]);
});

it.each(['before', 'after'])('works when somebody else patches it %s us', async (when) => {
  const calls: string[] = [];
  const wrap = (library: Library): Library => {
    for (const name of ['wait', 'signal', 'execute'] as const) {
      const original = library.default.prototype[name] as (...args: unknown[]) => unknown;
      library.default.prototype[name] = function (this: Semaphore, ...args: unknown[]) {
        calls.push(name);
        return original.apply(this, args);
      } as never;
    }
    return library;
  };
  const { watched, watcher, stop } = startWatching({ onViolation: 'collect' });
  const library =
    when === 'before' ? watched(semaphoreAsyncAwait, wrap(fresh())) : wrap(watched(semaphoreAsyncAwait, fresh()));
  const lock = new library.Lock();
  const instance = watcher.lockOf(lock) as LockInstance;
  const held = (): number => watcher.tracker.holders(instance).length;
  expect(await lock.execute(() => held())).toBe(1);
  await lock.acquire();
  expect(held()).toBe(1);
  lock.release();
  stop();
  expect([held(), calls]).toEqual([0, ['execute', 'wait', 'signal', 'wait', 'signal']]);
});

describe('one that was made elsewhere', () => {
  it('is watched under the name that it is given: a lock as a lock, a semaphore as a counter', async () => {
    const { default: Semaphore, Lock } = fresh();
    const [lock, some, empty] = [new Lock(), new Semaphore(2), new Semaphore(0)];
    await lock.acquire();
    const lockdep = createLockdep({ onViolation: 'collect' });
    const adopted = [
      watchByHand(lock, 'desk', { lockdep }),
      watchByHand(some, 'slots', { lockdep }),
      watchByHand(empty, 'signal', { lockdep }),
    ];
    expect(adopted.map((one, at) => one === [lock, some, empty][at])).toEqual([true, true, true]);
    lock.release();
    some.release();
    empty.release();
    expect(lockdep.violations).toEqual([]);
    lock.release();
    await some.acquire();
    await some.acquire();
    some.release();
    some.release();
    expect(lockdep.violations.map(({ rule, message }) => [rule, message])).toEqual([
      ['bad-release', expect.stringContaining('releases desk, which nobody holds')],
      ['pool-nesting', expect.stringContaining('asks slots for one more')],
    ]);
    (lockdep.flows as unknown as FlowTracker).stop();
  });

  it('is no other object', () => {
    const { watcher, stop } = startWatching();
    const { default: Semaphore } = fresh();
    const others = [{}, [], () => {}, { promiseResolverQueue: [] }, Object.create(Semaphore.prototype) as object];
    expect(others.map((one) => semaphoreAsyncAwait.adopt?.(one, watcher))).toEqual(others.map(() => undefined));
    stop();
  });
});
