// The adapter with a library of the spec's own making: what it hands out looks and behaves like the original. The real one is an ES
// module for Node 22 and later: see spec/libraries/programs/mortice-turns.mjs.
import { mortice } from '../../lib/adapters/mortice.ts';
import { bothWays, ending, shapeOf, startWatching } from '../support/libraries.ts';

type Release = () => void;

interface Mutex {
  readLock(options?: { signal?: AbortSignal } | null): Promise<Release>;
  writeLock(options?: { signal?: AbortSignal } | null): Promise<Release>;
  finalize(): void;
  readonly queue: object;
}

interface Library {
  readonly default: (options?: { name?: string; concurrency?: number }) => Mutex;
}

type Listening = Pick<AbortSignal, 'addEventListener' | 'removeEventListener' | 'aborted'>;

// In the manner of mortice 3, with readers one after the other, too.
function makeLibrary(tellsRelease = true): Library {
  const mutexes = new Map<string, Mutex>();
  return {
    default: function createMortice(options = {}) {
      const { name = 'lock' } = options;
      let last: Promise<unknown> = Promise.resolve();
      const ask = async (own?: { signal?: Listening } | null): Promise<Release> => {
        const signal = tellsRelease ? own?.signal : undefined;
        const before = last;
        return new Promise((resolve, reject) => {
          const listener = (): void => reject(new Error('aborted'));
          signal?.addEventListener('abort', listener, { once: true });
          last = before.then(() => {
            return new Promise<void>((done) => {
              resolve(() => {
                signal?.removeEventListener('abort', listener);
                done();
              });
              if (signal?.aborted === true) {
                done();
              }
            });
          });
        });
      };
      const mutex: Mutex = mutexes.get(name) ?? {
        async readLock(own) {
          return ask(own);
        },
        async writeLock(own) {
          return ask(own);
        },
        finalize: () => mutexes.delete(name),
        queue: {},
      };
      mutexes.set(name, mutex);
      return mutex;
    },
  };
}

const SCENES: Readonly<Record<string, (library: Library) => unknown>> = {
  'turns, releases and names': async ({ default: create }) => {
    const mutex = create({ name: 'a' });
    const first = mutex.readLock();
    const taken = await ending(() => first);
    const second = ending(() => mutex.writeLock());
    const release = await first;
    release();
    release();
    return [taken, await second, shapeOf(release), shapeOf(mutex), shapeOf(create), create({ name: 'a' }) === mutex];
  },
  'a wait that a signal ends': async ({ default: create }) => {
    const mutex = create();
    const release = await mutex.writeLock({ signal: new AbortController().signal });
    const controller = new AbortController();
    const waiting = mutex.writeLock({ signal: controller.signal }).catch(String);
    controller.abort();
    const failed = await waiting;
    release();
    const next = await mutex.readLock();
    return [failed, typeof next];
  },
  'a mutex whose methods are taken off it, and frozen': async ({ default: create }) => {
    const { readLock, writeLock } = Object.freeze(create());
    const release = await readLock();
    release();
    return ending(() => writeLock());
  },
};

it.each(Object.entries(SCENES))('%s: the same, watched or not', async (_, scene) => {
  const { plain, watched } = await bothWays(mortice, makeLibrary, scene);
  expect(watched).toEqual(plain);
});

it('a copy that does not tell of releases is not watched further', async () => {
  const { watched, watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
  const mutex = watched(mortice, makeLibrary(false)).default();
  await mutex.writeLock();
  const lock = watcher.lockOf(mutex);
  expect(lock && watcher.tracker.holders(lock)).toEqual([]);
  expect(lockdep.violations).toEqual([]);
  stop();
});

it('a name that is used again while the old lock is held is another lock', async () => {
  const { watched, watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
  const { default: create } = watched(mortice, makeLibrary());
  const [old, others] = [create({ name: 'a' }), create({ name: 'b' })];
  const release = await old.writeLock();
  old.finalize();
  others.finalize();
  const [fresh, again] = [create({ name: 'a' }), create({ name: 'b' })];
  expect(watcher.lockOf(fresh)).not.toBe(watcher.lockOf(old));
  expect(watcher.lockOf(again)).toBe(watcher.lockOf(others));
  release();
  expect(lockdep.violations).toEqual([]);
  stop();
});

it('a signal takes the lock away from its holder', async () => {
  const { watched, watcher, stop } = startWatching();
  const mutex = watched(mortice, makeLibrary()).default();
  const controller = new AbortController();
  await mutex.writeLock({ signal: controller.signal });
  const lock = watcher.lockOf(mutex);
  const holders = (): unknown => lock && watcher.tracker.holders(lock).length;
  expect(holders()).toBe(1);
  controller.abort();
  expect(holders()).toBe(0);
  stop();
});

it('a mutex that was made before is watched when it is handed over', async () => {
  const { watcher, lockdep, stop } = startWatching({ onViolation: 'collect' });
  const mutex = makeLibrary().default();
  expect(mortice.adopt?.(mutex, watcher)).toBe(mutex);
  const release = await mutex.readLock();
  await mutex.writeLock({ signal: AbortSignal.timeout(1) }).catch(() => {});
  release();
  expect(lockdep.violations).toMatchObject([{ rule: 'recursion', upgrade: true }]);
  stop();
});

it.each([{}, [], () => {}, new Map(), { readLock() {}, writeLock() {} }])('adopts nothing else: %p', (other) => {
  const { watcher, stop } = startWatching();
  expect(mortice.adopt?.(other, watcher)).toBeUndefined();
  stop();
});
