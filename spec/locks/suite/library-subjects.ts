/**
 * Locks of the libraries that adapters watch, plain and watched: watching must not change what a program notices.
 */
import { type Libraries, plainLibraries, type WatchedLibraries, watchedLibraries } from '../../support/libraries.ts';
import type { Feature, Holding, LockUnderTest, Subject } from './lock-under-test.ts';

type Skips = Partial<Record<Feature, string>>;

const OTHER: Skips = {
  guards: 'the library hands out a function',
  waiting: 'the library does not count',
  'argument checks': 'the library has other arguments',
  'synchronous work': 'the library waits for its own promise first',
  timeouts: 'the library has a decorator for it, which takes a lock that comes too late, and gives it back',
  signals: 'the library knows no signals',
  tryAcquire: 'the library has a decorator for it, which waits for its own promise',
  units: 'covered by the specs of the adapter',
};

const LIMITER: Skips = {
  ...OTHER,
  guards: 'a limiter has no acquire()',
  tryAcquire: 'a limiter has none',
  units: 'a limiter has none',
};

const NOTHING = { waiting: 0, tryAcquire: (): never => missing() };

function missing(): never {
  throw new Error('the library has no such method');
}

function mutex({ asyncMutex }: Libraries): LockUnderTest {
  const lock = new asyncMutex.Mutex();
  return {
    ...NOTHING,
    name: 'mutex',
    acquire: async () => ({ release: await lock.acquire() }),
    run: (work) => lock.runExclusive(work as () => Awaited<ReturnType<typeof work>>),
  };
}

function semaphore({ asyncMutex }: Libraries, capacity: number): LockUnderTest {
  const lock = new asyncMutex.Semaphore(capacity);
  return {
    ...NOTHING,
    name: 'semaphore',
    acquire: async () => ({ release: (await lock.acquire())[1] }),
    run: (work) => lock.runExclusive(work as () => Awaited<ReturnType<typeof work>>),
  };
}

/** A limiter runs tasks only: to take it is to run one that lasts until the release. */
function limiter({ pLimit }: Libraries, concurrency: number): LockUnderTest {
  const limit = pLimit(concurrency);
  return {
    ...NOTHING,
    name: 'limiter',
    acquire: () =>
      new Promise<Holding>((taken) => {
        void limit(() => new Promise<void>((release) => taken({ release })));
      }),
    run: (work) => limit(work),
  };
}

const NAMES = ['Mutex', 'Semaphore(1)', 'Semaphore(3)', 'p-limit(1)', 'p-limit(3)'] as const;

/** A lock of a library, and what it is called here. */
export type LibraryLock = (typeof NAMES)[number];

const MAKERS: Readonly<
  Record<LibraryLock, readonly [capacity: number, Skips, (libraries: Libraries) => LockUnderTest]>
> = {
  Mutex: [1, OTHER, mutex],
  'Semaphore(1)': [1, OTHER, (libraries) => semaphore(libraries, 1)],
  'Semaphore(3)': [3, OTHER, (libraries) => semaphore(libraries, 3)],
  'p-limit(1)': [1, LIMITER, (libraries) => limiter(libraries, 1)],
  'p-limit(3)': [3, LIMITER, (libraries) => limiter(libraries, 3)],
};

/** Calls `suite` with these locks as they are, and then as watched ones. */
export function eachLibraryLock(names: readonly LibraryLock[], suite: (subject: Subject) => void): void {
  const subject = (name: LibraryLock, libraries: () => Libraries): Subject => {
    const [capacity, skips, make] = MAKERS[name];
    return { name, capacity, skips, make: () => make(libraries()) };
  };
  describe('of a library, plain', () => {
    const plain = plainLibraries();
    for (const name of names) {
      suite(subject(name, () => plain));
    }
  });
  describe('of a library, watched', () => {
    let watched: WatchedLibraries | undefined;
    beforeAll(() => {
      watched = watchedLibraries();
    });
    afterAll(() => {
      watched?.stop();
      // An internal failure would have switched the watching off.
      expect(watched?.lockdep.failure).toBeNull();
    });
    for (const name of names) {
      suite(subject(name, () => watched as WatchedLibraries));
    }
  });
}
