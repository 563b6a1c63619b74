// The adapter with the real library, in each of its builds, unwatched and watched: nothing is different for the program.
import path from 'node:path';
import type { Exports } from '../../lib/adapters/adapter.ts';
import { bottleneck } from '../../lib/adapters/bottleneck.ts';
import { LibraryWatcher } from '../../lib/adapters/library-watcher.ts';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { FlowTracker } from '../../lib/owner/tracker.ts';
import { watchRequired } from '../../lib/preload/exports.ts';

const PACKAGE = path.resolve(__dirname, '../libraries/node_modules/bottleneck');
const BUILDS = ['lib/index.js', 'light.js', 'es5.js'];

type Work = (...args: never[]) => unknown;
interface Limiter {
  schedule(...args: unknown[]): Promise<unknown>;
  submit(...args: unknown[]): unknown;
  wrap(work: Work): ((...args: unknown[]) => Promise<unknown>) & { withOptions: Limiter['schedule'] };
  chain(next: Limiter): Limiter;
  on(event: string, listener: (...args: never[]) => unknown): Limiter;
  stop(options?: object): Promise<void>;
  updateSettings(options: object): Promise<Limiter>;
  counts(): Record<string, number>;
}
interface Group {
  key(key?: string): Limiter;
  on(event: string, listener: (limiter: Limiter, key: string) => unknown): Group;
  deleteKey(key: string): Promise<boolean>;
  keys(): string[];
}
interface Library {
  new (options?: object): Limiter;
  readonly default: Library;
  readonly Group: new (options?: object) => Group;
  readonly BottleneckError: new () => Error;
  readonly strategy: Readonly<Record<string, number>>;
  readonly prototype: object;
}

function fresh(build: string): Library {
  let found: unknown;
  jest.isolateModules(() => {
    found = require(path.join(PACKAGE, build));
  });
  return found as Library;
}

interface Watched {
  readonly Bottleneck: Library;
  readonly lockdep: Lockdep;
  readonly watcher: LibraryWatcher;
}

const trackers: FlowTracker[] = [];

function watchedCopy(original: Library): Watched {
  const lockdep = createLockdep({ sites: 'all' });
  const tracker = new FlowTracker(lockdep);
  trackers.push(tracker);
  expect(tracker.start()).toBe(true);
  const watcher = new LibraryWatcher(lockdep, tracker, { origin: ({ below, kind }) => lockdep.origin(below, kind) });
  const Bottleneck = watchRequired(original, (exports) => bottleneck.watch(exports, watcher)) as Library;
  return { Bottleneck, lockdep, watcher };
}

afterEach(() => {
  for (const tracker of trackers.splice(0)) {
    tracker.stop();
  }
});

const found = (lockdep: Lockdep): string[] => lockdep.violations.map(({ rule }) => rule);
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const failure = new Error('failure');

async function said(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What a program sees, and what must be seen in any case. */
const scenarios: Record<string, { run(Bottleneck: Library): Promise<unknown>; seen: unknown }> = {
  'results and errors': {
    run: async (Bottleneck) => {
      const limiter = new Bottleneck({ maxConcurrent: 1 });
      const isSame = (error: unknown): boolean => error === failure;
      return [
        await limiter.schedule(async (value: number) => value, 1),
        await limiter.schedule({ priority: 2 }, () => 2),
        await limiter.schedule(() => Promise.reject(failure)).catch(isSame),
        await limiter
          .schedule(() => {
            throw failure;
          })
          .catch(isSame),
        /function|apply/.test(String(await said(limiter.schedule('no function')))),
      ];
    },
    seen: [1, 2, true, true, true],
  },
  'wrapped functions': {
    run: async (Bottleneck) => {
      const limiter = new Bottleneck({ maxConcurrent: 1 });
      const wrapped = limiter.wrap(function work(this: { name?: string }, ...values: unknown[]) {
        return [this?.name, ...values];
      } as Work);
      return [await wrapped.call({ name: 'own' }, 1, 2), wrapped.name, wrapped.length, typeof wrapped.withOptions];
    },
    seen: [['own', 1, 2], 'wrapped', 0, 'function'],
  },
  callbacks: {
    run: async (Bottleneck) => {
      const limiter = new Bottleneck({ maxConcurrent: 1 });
      const call = (fail: unknown): Promise<unknown> =>
        new Promise((resolve) => {
          const work = (value: number, done: (...results: unknown[]) => void): unknown =>
            setImmediate(() => done(fail, value));
          limiter.submit(work, 5, (...results: unknown[]) => resolve(results));
        });
      return [await call(null), await call(failure).then((results) => (results as unknown[])[0] === failure)];
    },
    seen: [[null, 5], true],
  },
  'retries in the order of the events': {
    run: async (Bottleneck) => {
      const limiter = new Bottleneck({ maxConcurrent: 1 });
      const log: unknown[] = [];
      for (const event of ['received', 'queued', 'scheduled', 'executing', 'failed', 'retry', 'done']) {
        limiter.on(event, () => {
          log.push(event);
          return event === 'failed' && log.length < 8 ? 0 : undefined;
        });
      }
      let attempts = 0;
      const result = await limiter.schedule(async () => {
        await tick();
        if (++attempts < 2) {
          throw failure;
        }
        return attempts;
      });
      return [result, log];
    },
    seen: [2, ['received', 'queued', 'scheduled', 'executing', 'failed', 'retry', 'scheduled', 'executing', 'done']],
  },
  'what is dropped, and by whom': {
    run: async (Bottleneck) => {
      const strategy = Bottleneck.strategy['OVERFLOW'];
      const limiter = new Bottleneck({ maxConcurrent: 1, highWater: 0, strategy });
      const tasks: unknown[] = [];
      limiter.on('dropped', ({ task, args }: { task: unknown; args: unknown[] }) => tasks.push(task, args));
      const work = async (): Promise<string> => 'done';
      const all = await Promise.all([1, 2].map((value) => said(limiter.schedule(work, value))));
      const running = said(limiter.schedule(tick));
      const stopped = limiter.stop();
      return [all, tasks[0] === work, tasks[1], await running, await stopped, await said(limiter.schedule(work))];
    },
    seen: [
      ['done', 'This job has been dropped by Bottleneck'],
      true,
      [2],
      'This limiter has been stopped.',
      undefined,
      'This limiter has been stopped and cannot accept new jobs.',
    ],
  },
  'time-outs': {
    run: async (Bottleneck) => {
      const limiter = new Bottleneck({ maxConcurrent: 1 });
      const slow = said(limiter.schedule({ expiration: 5 }, () => new Promise(() => {})));
      return [await slow, await limiter.schedule(async () => 'next'), limiter.counts()['EXECUTING']];
    },
    seen: ['This job timed out after 5 ms.', 'next', 0],
  },
  'chained limiters': {
    run: async (Bottleneck) => {
      const [outer, inner] = [new Bottleneck({ maxConcurrent: 2 }), new Bottleneck({ maxConcurrent: 1 })];
      const same = outer.chain(inner) === outer;
      const seen: unknown[] = [];
      inner.on('queued', ({ args }: { args: unknown[] }) => seen.push(args));
      const all = await Promise.all([1, 2].map((value) => outer.schedule(async (one: number) => one * 2, value)));
      return [same, all, seen];
    },
    seen: [true, [2, 4], [[1], [2]]],
  },
  groups: {
    run: async (Bottleneck) => {
      const group = new Bottleneck.Group({ maxConcurrent: 1 });
      const created: unknown[] = [];
      group.on('created', (limiter, key) => {
        created.push(key);
        return limiter.schedule(async () => created.push(`first of ${key}`));
      });
      const results = await Promise.all(['a', 'b', 'a'].map((key) => group.key(key).schedule(async () => key)));
      const one = group.key('a');
      const isKept = group.key('a') === one;
      return [results, created, isKept, await group.deleteKey('a'), group.keys()];
    },
    seen: [['a', 'b', 'a'], ['a', 'b', 'first of a', 'first of b'], true, true, ['b']],
  },
  'a derived class, and a frozen limiter': {
    run: async (Bottleneck) => {
      class Named extends Bottleneck {
        readonly label: string;
        constructor(label: string) {
          super({ maxConcurrent: 1 });
          this.label = label;
        }
      }
      const named = new Named('own');
      const frozen = Object.freeze(new Bottleneck({ maxConcurrent: 1 }));
      return [named.label, named instanceof Bottleneck, await named.schedule(() => 1), await frozen.schedule(() => 2)];
    },
    seen: ['own', true, 1, 2],
  },
};

describe.each(BUILDS)('%s', (build) => {
  it.each(Object.entries(scenarios))('%s', async (_, { run, seen }) => {
    const plain = await run(fresh(build));
    const { Bottleneck, lockdep } = watchedCopy(fresh(build));
    expect(await run(Bottleneck)).toEqual(plain);
    expect(plain).toEqual(seen);
    expect(lockdep.isOff).toBe(false);
    expect(found(lockdep)).toEqual([]);
  });

  it('the class looks the same', () => {
    const shape = (Bottleneck: Library): unknown => [
      Bottleneck.name,
      Bottleneck.length,
      Object.keys(Bottleneck),
      Bottleneck.default === Bottleneck,
      Bottleneck.Group === (Bottleneck.prototype as { Group?: unknown }).Group,
      (Bottleneck.prototype as { constructor?: unknown }).constructor === Bottleneck,
      Bottleneck.Group.name,
      Object.entries(Object.getOwnPropertyDescriptors(Bottleneck.prototype)).map(([name, one]) => [
        name,
        one.enumerable,
        one.writable,
        typeof one.value === 'function' ? [(one.value as Work).name, (one.value as Work).length] : typeof one.value,
      ]),
      Object.keys(new Bottleneck({ maxConcurrent: 1 })),
    ];
    expect(shape(watchedCopy(fresh(build)).Bottleneck)).toEqual(shape(fresh(build)));
  });

  it('jobs begin and settle in the same turn, and in the same order', async () => {
    const run = async (Bottleneck: Library): Promise<string[]> => {
      const limiter = new Bottleneck({ maxConcurrent: 1 });
      const log: string[] = [];
      let turn = 0;
      const count = (): void => {
        turn++;
        if (turn < 40) {
          queueMicrotask(count);
        }
      };
      const works = [() => 1, async () => 2, () => Promise.reject(failure), async () => tick()];
      const all = works.map((work, at) => {
        const promise = limiter.schedule(() => {
          turn = 0;
          queueMicrotask(count);
          log.push(`${at} begins`);
          return work();
        });
        const tell = (): number => log.push(`${at} ends after ${turn}`);
        promise.then(tell, tell);
        return promise;
      });
      limiter.on('done', () => log.push(`done after ${turn}`));
      await Promise.allSettled(all);
      return log;
    };
    const plain = await run(fresh(build));
    expect(plain.filter((line) => line.includes('ends')).length).toBe(4);
    expect(await run(watchedCopy(fresh(build)).Bottleneck)).toEqual(plain);
  });
});

/** The others load a part of theirs when a group is made, and jest then loads another copy of it. */
const BUILD = 'light.js';

const nested: Record<string, (limiter: Limiter) => Promise<unknown>> = {
  schedule: (limiter) => limiter.schedule(() => limiter.schedule(async () => 1)),
  wrap: (limiter) => limiter.wrap(async () => limiter.wrap(async () => 1)())(),
  'the options of a wrapped function': (limiter) =>
    limiter.schedule({ priority: 1 }, () => limiter.wrap(async () => 1).withOptions({ id: 'inner' })),
  submit: (limiter) =>
    new Promise((resolve) => {
      limiter.submit((done: Work) => limiter.submit((end: () => void) => setImmediate(end), done), resolve);
    }),
  'a job that is tried again': (limiter) => {
    let attempts = 0;
    limiter.on('failed', () => (attempts < 2 ? 1 : undefined));
    return limiter.schedule(async () => {
      if (++attempts < 2) {
        throw failure;
      }
      await limiter.schedule(async () => 1);
    });
  },
};

it.each(Object.entries(nested))('nesting is seen through %s', async (_, nest) => {
  const { Bottleneck, lockdep } = watchedCopy(fresh(BUILD));
  await nest(new Bottleneck({ maxConcurrent: 2 }));
  expect(found(lockdep)).toEqual(['pool-nesting']);
});

const apart: Record<string, (limiter: Limiter) => Promise<unknown>> = {
  'a job that is left behind': async (limiter) => {
    let left: Promise<unknown> | undefined;
    await limiter.schedule(async () => {
      left = limiter.schedule(async () => 1);
    });
    return left;
  },
  'a job after another one': async (limiter) => {
    await limiter.schedule(async () => 1);
    return limiter.schedule(async () => 1);
  },
  'jobs side by side': (limiter) => Promise.all([1, 2, 3].map(() => limiter.schedule(tick))),
  'a job that was over before': async (limiter) => {
    let late: Promise<unknown> | undefined;
    await limiter
      .schedule({ expiration: 5 }, async () => {
        late = new Promise((resolve) => setTimeout(resolve, 30)).then(() => limiter.schedule(async () => 1));
        await late;
      })
      .catch(() => {});
    return late;
  },
};

it.each(Object.entries(apart))('%s does not nest', async (_, run) => {
  const { Bottleneck, lockdep } = watchedCopy(fresh(BUILD));
  await run(new Bottleneck({ maxConcurrent: 2 }));
  expect(found(lockdep)).toEqual([]);
});

it('units are weights; without a limit, or a weight, there is no lock', async () => {
  const { Bottleneck, lockdep } = watchedCopy(fresh(BUILD));
  const endless = new Bottleneck();
  await endless.schedule(() => endless.schedule(async () => 1));
  const free = new Bottleneck({ maxConcurrent: 4 });
  await free.schedule(() => free.schedule({ weight: 0 }, async () => 1));
  expect(found(lockdep)).toEqual([]);
  await free.schedule({ weight: 2 }, () => free.schedule({ weight: 2 }, async () => 1));
  expect(lockdep.violations).toMatchObject([{ rule: 'pool-nesting', capacity: 4, ownersNeeded: 2 }]);
});

it('the number of slots is the one of the moment', async () => {
  const { Bottleneck, lockdep } = watchedCopy(fresh(BUILD));
  const limiter = new Bottleneck();
  await limiter.updateSettings({ maxConcurrent: 3 });
  await limiter.schedule(() => limiter.schedule(async () => 1));
  expect(lockdep.violations).toMatchObject([{ rule: 'pool-nesting', capacity: 3 }]);
});

it('the keys of a group are locks of one class for each pattern', async () => {
  const { Bottleneck, lockdep } = watchedCopy(fresh(BUILD));
  const group = new Bottleneck.Group({ maxConcurrent: 1 });
  const both = (from: string, to: string): Promise<unknown> =>
    group.key(from).schedule(() => group.key(to).schedule(async () => 1));
  await both('host:1', 'host:2');
  expect(found(lockdep)).toEqual([]);
  await both('host:2', 'host:1');
  expect(lockdep.violations).toMatchObject([{ rule: 'recursion', sameInstance: false }]);
});

it.each<[string, (Bottleneck: Library, adopt: (one: object) => unknown) => Limiter]>([
  [
    'a limiter',
    (Bottleneck, adopt) => {
      const limiter = new Bottleneck({ maxConcurrent: 2 });
      expect(adopt(limiter)).toBe(limiter);
      return limiter;
    },
  ],
  [
    'a group with its limiters',
    (Bottleneck, adopt) => {
      const group = new Bottleneck.Group({ maxConcurrent: 2 });
      const one = group.key('a');
      expect(adopt(group)).toBe(group);
      return one;
    },
  ],
  [
    'a group with those it makes later',
    (Bottleneck, adopt) => {
      const group = new Bottleneck.Group({ maxConcurrent: 2 });
      adopt(new Bottleneck());
      adopt(group);
      return group.key('b');
    },
  ],
])('%s that is handed over is watched', async (_, make) => {
  const { lockdep, watcher } = watchedCopy(fresh(BUILD));
  const limiter = make(fresh(BUILD), (one) => bottleneck.adopt?.(one, watcher));
  await limiter.schedule(() => limiter.schedule(async () => 1));
  expect(found(lockdep)).toEqual(['pool-nesting']);
});

it('nothing else is taken for a limiter', () => {
  const Bottleneck = fresh(BUILD);
  const { watcher } = watchedCopy(fresh(BUILD));
  const others = [{}, [], () => {}, new Map(), Object.create(null), Bottleneck, Bottleneck.prototype];
  for (const other of [...others, Object.create(Bottleneck.Group.prototype)] as object[]) {
    expect(bottleneck.adopt?.(other, watcher)).toBeUndefined();
  }
});

it('somebody else may patch the same method, before and after', async () => {
  const original = fresh(BUILD);
  const prototype = original.prototype as Pick<Limiter, 'schedule'>;
  const calls: string[] = [];
  const patch = (name: string): void => {
    const { schedule } = prototype;
    prototype.schedule = function patched(...args) {
      calls.push(name);
      return schedule.apply(this, args);
    };
  };
  patch('before');
  const { Bottleneck, lockdep } = watchedCopy(original);
  patch('after');
  const limiter = new Bottleneck({ maxConcurrent: 2 });
  await limiter.schedule(() => limiter.schedule(async () => 1));
  expect(calls).toEqual(['after', 'before', 'after', 'before']);
  expect(found(lockdep)).toEqual(['pool-nesting']);
});

it('exports without a class are left alone', () => {
  const { watcher } = watchedCopy(fresh(BUILD));
  expect(bottleneck.watch({ default: 5 } as Exports, watcher)).toBeUndefined();
  expect(() => bottleneck.watch({ default: class {} } as Exports, watcher)).toThrow(/bottleneck/);
});
