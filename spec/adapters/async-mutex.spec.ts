// The adapter in this process, with both versions: a watched mutex does what a plain one does, to the turn.
import { asyncMutex } from '../../lib/adapters/async-mutex.ts';
import { watch as watchByHand } from '../../lib/adapters/by-hand.ts';
import { createLockdep } from '../../lib/lockdep.ts';
import type { FlowTracker } from '../../lib/owner/tracker.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { bothWays, ending, freshCopy, shapeOf, startWatching } from '../support/libraries.ts';

type Release = () => void;

interface Mutex {
  acquire(priority?: number): Promise<Release>;
  runExclusive<Result>(work: () => Result | Promise<Result>, priority?: number): Promise<Result>;
  waitForUnlock(priority?: number): Promise<void>;
  isLocked(): boolean;
  release(): void;
  cancel(): void;
}

interface Semaphore extends Omit<Mutex, 'acquire' | 'runExclusive' | 'waitForUnlock' | 'release'> {
  acquire(weight?: number, priority?: number): Promise<[number, Release]>;
  runExclusive<Result>(work: (value: number) => Result | Promise<Result>, weight?: number): Promise<Result>;
  waitForUnlock(weight?: number): Promise<void>;
  release(weight?: number): void;
  getValue(): number;
  setValue(value: number): void;
}

interface Library {
  readonly Mutex: { new (cancelError?: Error): Mutex; readonly prototype: Mutex };
  readonly Semaphore: { new (value: number, cancelError?: Error): Semaphore; readonly prototype: Semaphore };
  readonly withTimeout: <Kind extends Mutex | Semaphore>(lock: Kind, milliseconds: number, error?: Error) => Kind;
  readonly tryAcquire: <Kind extends Mutex | Semaphore>(lock: Kind, error?: Error) => Kind;
}

const FRESH: Readonly<Record<string, () => Library>> = {
  '0.5': () => freshCopy('spec/libraries/node_modules/async-mutex/lib/index.js') as unknown as Library,
  '0.4': () => freshCopy('spec/libraries/previous/node_modules/async-mutex/lib/index.js') as unknown as Library,
};

const SCENES: Readonly<Record<string, (library: Library) => unknown>> = {
  'weights, and the order in which calls that wait go on': async ({ Semaphore }) => {
    const slots = new Semaphore(3);
    const said: string[] = [];
    const use = async (name: string, weight: number): Promise<void> => {
      const [value, release] = await slots.acquire(weight);
      said.push(`${name} ${value}`);
      await null;
      release();
      said.push(`${name} out ${slots.getValue()}`);
    };
    await Promise.all([use('a', 2), use('b', 1), use('c', 3), use('d', 1), use('e', 2)]);
    return said;
  },
  'turns of a mutex': async ({ Mutex }) => {
    const mutex = new Mutex();
    const first = mutex.acquire();
    const waits = [
      ending(() => mutex.acquire()),
      ending(() => mutex.runExclusive(() => 1)),
      ending(() => mutex.waitForUnlock()),
    ];
    const start = await ending(() => first);
    (await first)();
    const second = mutex.isLocked();
    mutex.release();
    return [start, second, await Promise.all(waits), mutex.isLocked()];
  },
  'a releaser, called twice': async ({ Semaphore, Mutex }) => {
    const [slots, mutex] = [new Semaphore(2), new Mutex()];
    const [, release] = await slots.acquire();
    const unlock = await mutex.acquire();
    const gives = [release(), release(), unlock(), unlock()];
    return [gives, slots.getValue(), mutex.isLocked(), release.name, release.length, shapeOf(unlock)];
  },
  'work that fails': async ({ Mutex, Semaphore }) => {
    const [mutex, slots] = [new Mutex(), new Semaphore(2)];
    const ends = [
      await ending(() => mutex.runExclusive(() => Promise.reject(new Error('rejected')))),
      await ending(() => mutex.runExclusive(undefined as never)),
      await ending(() => slots.runExclusive((value) => value, 2)),
      await ending(() => slots.runExclusive((value) => value, 0)),
    ];
    return [ends, mutex.isLocked(), slots.getValue()];
  },
  'waits that are cancelled': async ({ Mutex }) => {
    const own = new Error('own');
    const mutex = new Mutex(own);
    const free = await mutex.acquire();
    const errors: unknown[] = [];
    const waits = [mutex.acquire(), mutex.runExclusive(() => 1)].map((one) =>
      (one as Promise<unknown>).catch((error: unknown) => errors.push(error === own)),
    );
    mutex.cancel();
    await Promise.all(waits);
    free();
    return [errors, mutex.isLocked()];
  },
  'waits that time out': async ({ Mutex, withTimeout, tryAcquire }) => {
    const own = new Error('late');
    const mutex = new Mutex();
    const timed = withTimeout(mutex, 1, own);
    const hold = async (): Promise<void> => {
      const free = await timed.acquire();
      await until;
      free();
    };
    let open: () => void = () => {};
    const until = new Promise<void>((resolve) => {
      open = resolve;
    });
    const held = hold();
    const ends = await Promise.allSettled([timed.acquire(), timed.runExclusive(() => 1), timed.waitForUnlock()]);
    const tried = await tryAcquire(mutex, own)
      .acquire()
      .catch((error: unknown) => error === own);
    open();
    await held;
    return [
      ends.map((one) => one.status === 'rejected' && one.reason === own),
      tried,
      timed.isLocked(),
      shapeOf(timed),
    ];
  },
  'more units, and fewer': async ({ Semaphore }) => {
    const slots = new Semaphore(1);
    slots.setValue(3);
    const values = [(await slots.acquire(2))[0], slots.getValue()];
    slots.release(2);
    return [...values, slots.getValue(), await ending(() => slots.acquire(-1)), await ending(() => slots.release(0))];
  },
  'wrong use': async ({ Mutex, Semaphore }) => [
    await ending(() => Mutex.prototype.release.call(undefined as never)),
    await ending(() => Mutex.prototype.release.call({} as never)),
    await ending(() => Semaphore.prototype.acquire.call(undefined as never)),
    await ending(() => Semaphore.prototype.release.call(undefined as never)),
    await ending(() => Semaphore.prototype.acquire.call({} as never)),
  ],
  'a class that derives from it, one behind a Proxy, a frozen one': async ({ Mutex, Semaphore }) => {
    class Named extends Mutex {
      override async runExclusive<Result>(work: () => Result | Promise<Result>): Promise<Result> {
        return super.runExclusive(work);
      }
    }
    const locks = [new Named(), new Proxy(new Mutex(), {}), Object.freeze(new Mutex())];
    const ends = await Promise.all(locks.map((lock) => ending(() => lock.runExclusive(() => lock.isLocked()))));
    return [ends, locks.map((lock) => lock instanceof Mutex), new Semaphore(1).constructor === Semaphore];
  },
  'the shape of everything': ({ Mutex, Semaphore, withTimeout, tryAcquire }) => [
    ...[Mutex, Mutex.prototype, Semaphore, Semaphore.prototype, withTimeout, tryAcquire].map(shapeOf),
    shapeOf(new Mutex()),
    shapeOf(new Semaphore(2)),
  ],
};

describe.each(Object.entries(FRESH))('async-mutex %s', (_, fresh) => {
  it.each(Object.entries(SCENES))('%s: as without the checker, and nothing to find', async (_name, scene) => {
    const { plain, watched, rules } = await bothWays(asyncMutex, fresh, scene);
    expect(watched).toEqual(plain);
    expect(rules).toEqual([]);
  });

  it.each(['before', 'after'])('works when somebody else patches it %s us', async (when) => {
    const calls: string[] = [];
    const wrap = (library: Library): Library => {
      for (const name of ['acquire', 'release'] as const) {
        const original = library.Mutex.prototype[name] as (...args: unknown[]) => unknown;
        library.Mutex.prototype[name] = function (this: Mutex, ...args: unknown[]) {
          calls.push(name);
          return original.apply(this, args);
        } as never;
      }
      return library;
    };
    const { watched, watcher, stop } = startWatching({ onViolation: 'collect' });
    const library = when === 'before' ? watched(asyncMutex, wrap(fresh())) : wrap(watched(asyncMutex, fresh()));
    const mutex = new library.Mutex();
    const instance = watcher.lockOf(mutex) as LockInstance;
    await mutex.acquire();
    const held = watcher.tracker.holders(instance).length;
    mutex.release();
    stop();
    expect([held, watcher.tracker.holders(instance).length, calls]).toEqual([1, 0, ['acquire', 'release']]);
  });

  it('who holds how much is known at each moment', async () => {
    const { watched, watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
    const { Semaphore } = watched(asyncMutex, fresh());
    const slots = new Semaphore(4);
    const instance = watcher.lockOf(slots) as LockInstance;
    const use = async (weight: number): Promise<void> => {
      const [, release] = await slots.acquire(weight);
      await null;
      release();
      const held = watcher.tracker.holders(instance).reduce((sum, { units }) => sum + units, 0);
      expect(held).toBe(4 - slots.getValue());
    };
    await Promise.all([1, 3, 2, 4, 1, 1, 2].map(use));
    stop();
    expect(lockdep.violations).toEqual([]);
  });

  it('one that was made elsewhere is adopted, even while it is held', async () => {
    const { Mutex, Semaphore } = fresh();
    const [mutex, slots, signal] = [new Mutex(), new Semaphore(2), new Semaphore(0)];
    const free = await mutex.acquire();
    const early = mutex.acquire();
    const lockdep = createLockdep({ onViolation: 'collect' });
    expect(watchByHand(mutex, 'desk', { lockdep })).toBe(mutex);
    expect(watchByHand(slots, 'slots', { lockdep })).toBe(slots);
    expect(watchByHand(signal, 'signal', { lockdep })).toBe(signal);
    const late = mutex.runExclusive(() => 'late');
    free();
    (await early)();
    expect(await late).toBe('late');
    expect(lockdep.violations).toEqual([]);
    mutex.release();
    const [, releaseFirst] = await slots.acquire();
    const [, releaseSecond] = await slots.acquire();
    releaseSecond();
    releaseFirst();
    expect(lockdep.violations.map(({ rule, message }) => [rule, message])).toEqual([
      ['bad-release', expect.stringContaining('releases desk, which nobody holds')],
      ['pool-nesting', expect.stringContaining('asks slots for one more')],
    ]);
    (lockdep.flows as unknown as FlowTracker).stop();
  });

  it('what is no lock is not adopted', () => {
    const { watcher, stop } = startWatching();
    const { Mutex, Semaphore, withTimeout } = fresh();
    const others = [{}, [], () => {}, { _semaphore: {} }, { _weightedWaiters: [] }, Object.create(Mutex.prototype)];
    const decorated = withTimeout(new Mutex(), 1);
    const all = [...others, decorated, Object.create(Semaphore.prototype)] as object[];
    expect(all.map((one) => asyncMutex.adopt?.(one, watcher))).toEqual(all.map(() => undefined));
    stop();
  });
});
