// The adapter with the real library, both majors, unwatched and watched: nothing is different for the program.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { Exports } from '../../lib/adapters/adapter.ts';
import { LibraryWatcher } from '../../lib/adapters/library-watcher.ts';
import { pQueue } from '../../lib/adapters/p-queue.ts';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { FlowTracker } from '../../lib/owner/tracker.ts';

const LIBRARIES = path.resolve(__dirname, '../libraries');
const SETS = { 'p-queue 10': 'node_modules', 'p-queue 9': 'previous/node_modules' } as const;

type Task = (options?: { signal?: AbortSignal }) => unknown;
interface Queue {
  add(task: Task, options?: object | null): Promise<unknown>;
  addAll(tasks: readonly Task[], options?: object): Promise<unknown[]>;
  onIdle(): Promise<void>;
  onEmpty(): Promise<void>;
  clear(): void;
  pause(): void;
  start(): Queue;
  concurrency: number;
  timeout?: number;
  readonly size: number;
  readonly pending: number;
}
type Make = new (options?: object) => Queue;

/** A fresh copy of an ES module, which jest cannot load. */
function evaluated(file: string): Exports {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exports: Exports = {};
  const folder = path.dirname(file);
  const load = (name: string): unknown => {
    if (name.startsWith('.')) {
      return evaluated(path.join(folder, name));
    }
    const found = path.join(folder, '../..', name);
    return name === 'p-timeout' ? evaluated(path.join(found, 'index.js')) : require(found);
  };
  new Function('exports', 'require', outputText)(exports, load);
  return exports;
}

const fresh = (set: string): Exports => evaluated(path.join(LIBRARIES, set, 'p-queue/dist/index.js'));

interface Watched {
  readonly PQueue: Make;
  readonly exports: Exports;
  readonly lockdep: Lockdep;
  readonly watcher: LibraryWatcher;
}

const trackers: FlowTracker[] = [];

function watchedCopy(exports: Exports): Watched {
  const lockdep = createLockdep({ sites: 'all' });
  const tracker = new FlowTracker(lockdep);
  trackers.push(tracker);
  expect(tracker.start()).toBe(true);
  const watcher = new LibraryWatcher(lockdep, tracker, { origin: ({ below, kind }) => lockdep.origin(below, kind) });
  const all = { ...exports, ...pQueue.watch(exports, watcher) };
  return { PQueue: all['default'] as Make, exports: all, lockdep, watcher };
}

afterEach(() => {
  for (const tracker of trackers.splice(0)) {
    tracker.stop();
  }
});

const found = (lockdep: Lockdep): string[] => lockdep.violations.map(({ rule }) => rule);
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Tells after how many turns of the microtask queue something happened. */
function turns(log: string[]): (what: string) => void {
  let turn = 0;
  const count = (): void => {
    turn++;
    if (turn < 60) {
      queueMicrotask(count);
    }
  };
  queueMicrotask(count);
  return (what) => log.push(`${what} after ${turn}`);
}

async function said(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error instanceof Error || error instanceof DOMException ? `${error.name}: ${error.message}` : error;
  }
}

const thenable = { name: 'thenable' };
Object.defineProperty(thenable, 'then', { value: (ok: (value: number) => void) => ok(7) });
const failure = new Error('failure');

/** What a program sees, and what must be seen in any case. */
const scenarios: Record<string, { run(PQueue: Make): Promise<unknown>; seen: unknown }> = {
  'results of all kinds': {
    run: async (PQueue) => {
      const queue = new PQueue({ concurrency: 2 });
      return [
        await queue.add(() => 1),
        await queue.add(async () => 2),
        await queue.add(() => thenable),
        await queue.addAll([() => 3, async () => 4]),
        await queue.add(() => queue.add(() => 5)),
      ];
    },
    seen: [1, 2, 7, [3, 4], 5],
  },
  'the very same errors': {
    run: async (PQueue) => {
      const queue = new PQueue({ concurrency: 1 });
      const thrown = await queue
        .add(() => {
          throw failure;
        })
        .catch((error: unknown) => error === failure);
      const rejected = await queue.add(() => Promise.reject(failure)).catch((error: unknown) => error === failure);
      return [thrown, rejected, await said(queue.add(undefined as unknown as Task)), queue.pending];
    },
    seen: [true, true, 'TypeError: function_ is not a function', 0],
  },
  'what is wrong with an option': {
    run: async (PQueue) => {
      const queue = new PQueue({ concurrency: 1 });
      const wrong = (await said(queue.add(() => 1, { timeout: -1 }))) as string;
      const setter = await said((async () => (queue.concurrency = 0))());
      return [wrong.slice(0, 40), String(setter).slice(0, 34), queue.concurrency, await queue.add(() => 'goes on')];
    },
    seen: ['TypeError: Expected `timeout` to be a po', 'TypeError: Expected `concurrency` ', 1, 'goes on'],
  },
  'a time-out, and the work that goes on': {
    run: async (PQueue) => {
      const queue = new PQueue({ concurrency: 1 });
      const slow = said(queue.add(() => new Promise(() => {}), { timeout: 5 }));
      const next = queue.add(() => 'next');
      return [String(await slow).slice(0, 29), await next, queue.pending];
    },
    seen: ['TimeoutError: Task timed out', 'next', 0].map((one, at) => (at === 0 ? `${one} ` : one)),
  },
  signals: {
    run: async (PQueue) => {
      const queue = new PQueue({ concurrency: 1 });
      const [early, waits, runs] = [new AbortController(), new AbortController(), new AbortController()];
      early.abort(failure);
      const all = [
        said(queue.add(({ signal } = {}) => new Promise(() => signal), { signal: runs.signal })),
        said(queue.add(() => 'never', { signal: waits.signal })),
        said(queue.add(() => 'never', { signal: early.signal })),
      ];
      waits.abort(failure);
      await tick();
      runs.abort('stop');
      return [...(await Promise.all(all)), await queue.add(() => 'goes on')];
    },
    seen: ['stop', 'Error: failure', 'Error: failure', 'goes on'],
  },
  'pause, priorities, clear, and another number of slots': {
    run: async (PQueue) => {
      const queue = new PQueue({ concurrency: 1, autoStart: false });
      const order: number[] = [];
      const all = [1, 3, 2].map((priority) => queue.add(() => order.push(priority), { priority }));
      const same = queue.start() === queue;
      await Promise.all(all);
      queue.pause();
      said(queue.add(() => 'never')).catch(() => {});
      const before = queue.size;
      queue.clear();
      queue.concurrency = 3;
      queue.start();
      const running = [1, 2, 3, 4].map(() => queue.add(tick));
      const { pending, size } = queue;
      await Promise.all(running);
      await queue.onIdle();
      return [order, same, before, pending, size];
    },
    seen: [[3, 2, 1], true, 1, 3, 1],
  },
  'the context that a task is called with': {
    run: async (PQueue) => {
      const queue = new PQueue({ concurrency: 1 });
      const seen: unknown[] = [];
      const task = function (this: unknown, ...args: unknown[]): void {
        seen.push(this, args.length, Object.keys(args[0] as object));
      };
      await queue.add(task);
      await queue.add(task, {});
      return seen;
    },
    seen: [undefined, 1, ['signal'], undefined, 1, ['signal']],
  },
  'a derived class': {
    run: async (PQueue) => {
      class Jobs extends PQueue {
        readonly names: string[] = [];
        override add(task: Task, options?: object): Promise<unknown> {
          this.names.push(task.name);
          return super.add(task, options);
        }
      }
      const jobs = new Jobs({ concurrency: 1 });
      const results = await jobs.addAll([async function one() {}, async function two() {}]);
      return [jobs.names, results.length, jobs instanceof PQueue, jobs.constructor === Jobs, Jobs.name];
    },
    seen: [['one', 'two'], 2, true, true, 'Jobs'],
  },
  'a frozen queue': {
    run: async (PQueue) => {
      const queue = Object.freeze(new PQueue({ concurrency: 1 }));
      return [await queue.add(() => 1), Object.isFrozen(queue)];
    },
    seen: [1, true],
  },
};

describe.each(Object.entries(SETS))('%s', (_, set) => {
  it.each(Object.entries(scenarios))('%s', async (_name, { run, seen }) => {
    const plain = await run(fresh(set)['default'] as Make);
    const { PQueue, lockdep } = watchedCopy(fresh(set));
    expect(await run(PQueue)).toEqual(plain);
    expect(plain).toEqual(seen);
    expect(lockdep.isOff).toBe(false);
  });

  it('tasks begin and promises settle in the same turn', async () => {
    const run = async (PQueue: Make): Promise<string[]> => {
      const queue = new PQueue({ concurrency: 2 });
      const log: string[] = [];
      const tell = turns(log);
      const tasks: Task[] = [
        () => tell('first'),
        async () => {
          tell('second');
          await null;
          tell('second goes on');
        },
        () => Promise.reject(failure),
        () => thenable,
      ];
      const all = tasks.map((task, at) => queue.add(task, at % 2 === 0 ? undefined : {}));
      for (const [at, promise] of all.entries()) {
        promise.then(
          () => tell(`${at} ends`),
          () => tell(`${at} fails`),
        );
      }
      queue.onIdle().then(
        () => tell('idle'),
        () => {},
      );
      await Promise.allSettled(all);
      await queue.onIdle();
      return log;
    };
    const plain = await run(fresh(set)['default'] as Make);
    expect(plain.length).toBe(8);
    expect(await run(watchedCopy(fresh(set)).PQueue)).toEqual(plain);
  });

  it('the class and its methods look the same', () => {
    const original = fresh(set);
    const watched = watchedCopy(fresh(set));
    const shape = (exports: Exports): unknown => {
      const PQueue = exports['default'] as Make;
      const { prototype } = PQueue;
      return [
        Object.keys(exports).sort(),
        PQueue.name,
        PQueue.length,
        Object.getOwnPropertyNames(PQueue),
        prototype.constructor === PQueue,
        Object.entries(Object.getOwnPropertyDescriptors(prototype)).map(([name, one]) => [
          name,
          one.enumerable,
          one.configurable,
          one.writable,
          ...[one.value as unknown, one.get, one.set].map((part) =>
            typeof part === 'function' ? [part.name, part.length] : typeof part,
          ),
        ]),
        Object.keys(new PQueue({ concurrency: 1 })),
      ];
    };
    expect(shape(watched.exports)).toEqual(shape(original));
    expect(() => (watched.PQueue as unknown as () => void)()).toThrow(/without 'new'/);
    expect(() => new watched.PQueue({ concurrency: -1 })).toThrow(TypeError);
  });

  it('somebody else may patch the same method, before and after', async () => {
    const exports = fresh(set);
    const { prototype } = exports['default'] as Make;
    const calls: string[] = [];
    const patch = (name: string): void => {
      const { add } = prototype;
      prototype.add = function patched(this: Queue, task: Task, options?: object | null) {
        calls.push(name);
        return add.call(this, task, options);
      };
    };
    patch('before');
    const { PQueue, lockdep } = watchedCopy(exports);
    patch('after');
    const queue = new PQueue({ concurrency: 2 });
    await queue.add(async () => queue.add(() => 1));
    expect(calls).toEqual(['after', 'before', 'after', 'before']);
    expect(found(lockdep)).toEqual(['pool-nesting']);
  });

  it('a queue that is handed over is watched, once; nothing else is taken for one', async () => {
    const exports = fresh(set);
    const PQueue = exports['default'] as Make;
    const queue = new PQueue({ concurrency: 2 });
    const { lockdep, watcher } = watchedCopy(fresh(set));
    expect(pQueue.adopt?.(queue, watcher)).toBe(queue);
    expect(pQueue.adopt?.(new PQueue(), watcher)).toBeInstanceOf(PQueue);
    await queue.add(async () => queue.add(() => 1));
    expect(found(lockdep)).toEqual(['pool-nesting']);
    const others = [
      {},
      [],
      () => {},
      new Map(),
      Object.create(null),
      Object.create(PQueue.prototype),
      PQueue.prototype,
    ];
    for (const other of others as object[]) {
      expect(pQueue.adopt?.(other, watcher)).toBeUndefined();
    }
    expect(pQueue.adopt?.(new Proxy(queue, {}), watcher)).toBeUndefined();
  });

  it('slots are counted as they are when tasks nest', async () => {
    const { PQueue, lockdep } = watchedCopy(fresh(set));
    const queue = new PQueue();
    await queue.add(async () => queue.add(() => 1));
    expect(found(lockdep)).toEqual([]);
    queue.concurrency = 3;
    await queue.add(async () => queue.add(() => 1));
    expect(lockdep.violations).toMatchObject([{ rule: 'pool-nesting', capacity: 3 }]);
  });

  it('exports without a class are left alone', () => {
    const { watcher } = watchedCopy(fresh(set));
    expect(pQueue.watch({ default: 5 }, watcher)).toBeUndefined();
    expect(() => pQueue.watch({ default: class {} }, watcher)).toThrow(/p-queue/);
  });
});
