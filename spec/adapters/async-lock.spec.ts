// biome-ignore-all lint/suspicious/noThenProperty: results that are like promises
// Whether watching async-lock changes anything for the program: the same scenes with the library as it is and watched, and what each
// must show. A scene notes what happens, in order, with the turns of the queue of microtasks between.
import domain from 'node:domain';
import { asyncLock } from '../../lib/adapters/async-lock.ts';
import type { KeyPattern } from '../../lib/adapters/key-pattern.ts';
import { LibraryWatcher } from '../../lib/adapters/library-watcher.ts';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { FlowTracker } from '../../lib/owner/tracker.ts';

type Done = (error?: unknown, value?: unknown) => void;
// biome-ignore lint/suspicious/noConfusingVoidType: what the functions of programs give
type Work = ((done: Done) => unknown) | (() => unknown | void);
interface Options {
  readonly timeout?: number;
  readonly maxPending?: number;
  readonly maxOccupationTime?: number;
  readonly maxExecutionTime?: number;
  readonly skipQueue?: boolean;
  readonly domainReentrant?: boolean;
  readonly Promise?: unknown;
}
interface Lock {
  acquire(key: unknown, work: Work, ...rest: unknown[]): Promise<unknown>;
  isBusy(key?: unknown): boolean;
  readonly Promise: unknown;
  readonly queues: object;
}
type Library = { new (options?: Options): Lock; prototype: Lock; DEFAULT_TIMEOUT: number };
type Note = (what: unknown) => void;
type Scene = (Library: Library, note: Note) => unknown;

function fresh(): Library {
  let library: unknown;
  jest.isolateModules(() => {
    library = require('../libraries/node_modules/async-lock');
  });
  return library as Library;
}

interface Watched {
  readonly library: Library;
  readonly lockdep: Lockdep;
  readonly watcher: LibraryWatcher;
}

const trackers: FlowTracker[] = [];

function watch(library: Library, patterns: readonly KeyPattern[] = []): Watched {
  const lockdep = createLockdep({ sites: 'all', onViolation: 'collect' });
  const tracker = new FlowTracker(lockdep);
  tracker.start();
  trackers.push(tracker);
  const watcher = new LibraryWatcher(lockdep, tracker, {
    origin: ({ kind }) => ({ key: kind, identity: () => ({ key: kind, name: 'locks' }) }),
    patterns,
  });
  const watched = asyncLock.watch({ default: library }, watcher)?.['default'] as Library;
  return { library: watched, lockdep, watcher };
}

afterEach(() => {
  for (const tracker of trackers.splice(0)) {
    tracker.stop();
  }
});

async function play(library: Library, scene: Scene): Promise<unknown[]> {
  const notes: unknown[] = [];
  let isOver = false;
  const turns = (async () => {
    for (let turn = 0; turn < 60 && !isOver; turn++) {
      notes.push(turn);
      await undefined;
    }
  })();
  await scene(library, (what) => notes.push(what instanceof Error ? `error: ${what.message}` : what));
  isOver = true;
  await turns;
  return notes;
}

const texts = (notes: readonly unknown[]): unknown[] => notes.filter((one) => typeof one !== 'number');

class Own<Result> extends Promise<Result> {
  static thens = 0;
  // biome-ignore lint/suspicious/noExplicitAny: as in the class above
  override then(...args: any[]): any {
    Own.thens++;
    return super.then(...args);
  }
}

const giving = (note: Note, text: string) => (): string => {
  note(text);
  return text;
};

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const SCENES: readonly [name: string, scene: Scene, expected: readonly unknown[]][] = [
  [
    'results, one after the other',
    async (Library, note) => {
      const locks = new Library();
      const all = [1, 2, 3].map((value) => locks.acquire('k', giving(note, `work ${value}`)).then(note));
      note(locks.isBusy('k'));
      await Promise.all(all);
      note(locks.isBusy());
    },
    // The next one begins before whoever waits for the one before goes on.
    ['work 1', true, 'work 2', 'work 1', 'work 3', 'work 2', 'work 3', false],
  ],
  [
    'errors keep their identity',
    async (Library, note) => {
      const locks = new Library();
      const error = new Error('x');
      const isSame = (one: unknown): void => note(one === error);
      const fail = (): never => {
        throw error;
      };
      await locks.acquire('k', fail).catch(isSame);
      await locks.acquire('k', async () => fail()).catch(isSame);
      await locks.acquire('k', (done: Done) => done(error)).catch(isSame);
      await locks.acquire('k', (_: Done) => fail()).catch(isSame);
      await locks.acquire(['a', 'b'], fail).catch(isSame);
      note(locks.isBusy());
    },
    [true, true, true, true, true, false],
  ],
  [
    'the callback style, done called twice, and a throw after it',
    async (Library, note) => {
      const locks = new Library();
      await new Promise<void>((resolve) => {
        locks.acquire(
          'k',
          (done: Done) => {
            setImmediate(() => {
              done(null, 'one');
              done(new Error('two'));
            });
          },
          (error: unknown, value: unknown) => note([error, value]),
        );
        locks.acquire(
          'k',
          (done: Done) => {
            done(undefined, 'three');
            throw new Error('four');
          },
          (error: unknown, value: unknown) => {
            note([error, value]);
            resolve();
          },
        );
      });
    },
    [
      [null, 'one'],
      [undefined, 'three'],
    ],
  ],
  [
    'what work gives may be like a promise',
    async (Library, note) => {
      const locks = new Library();
      const thenable = { then: (ok: (value: unknown) => void) => ok('then') };
      await Promise.all([
        locks.acquire('k', () => thenable).then(note),
        locks.acquire('k', () => 'plain').then(note),
        locks.acquire('k', () => Own.resolve('own')).then(note),
      ]);
    },
    ['then', 'plain', 'own'],
  ],
  [
    'too many wait',
    async (Library, note) => {
      const locks = new Library({ maxPending: 1 });
      const all = [1, 2, 3].map((value) => locks.acquire('k', async () => note(`work ${value}`)).catch(note));
      locks.acquire(
        'k',
        () => {},
        (error: unknown) => note(error),
      );
      await Promise.all(all);
    },
    ['work 1', 'error: Too many pending tasks in queue k', 'work 2', 'error: Too many pending tasks in queue k'],
  ],
  [
    'a wait that times out, and one that skips the queue',
    async (Library, note) => {
      const locks = new Library();
      const first = locks.acquire('k', () => later(40));
      const second = locks.acquire('k', () => note('never'), { timeout: 5 }).catch(note);
      const third = locks.acquire('k', () => note('third'));
      const fourth = locks.acquire('k', () => note('fourth'), { skipQueue: true });
      await Promise.all([first, second, third, fourth]);
    },
    ['error: async-lock timed out in queue k', 'fourth', 'third'],
  ],
  [
    'a hold that takes too long',
    async (Library, note) => {
      const locks = new Library({ maxExecutionTime: 10 });
      const first = locks.acquire('k', () => later(40)).catch(note);
      await Promise.all([first, locks.acquire('k', () => note('second'))]);
      const other = new Library({ maxOccupationTime: 10 });
      const third = other.acquire('k', () => later(40)).catch(note);
      await Promise.all([third, other.acquire('k', () => note('never')).catch(note)]);
      await later(60);
      note(other.isBusy());
    },
    [
      // The next one begins before whoever was too slow hears of it.
      'second',
      'error: Maximum execution time is exceeded k',
      'error: Maximum occupation time is exceeded in queue k',
      'error: Maximum occupation time is exceeded in queue k',
      false,
    ],
  ],
  [
    'lists of keys',
    async (Library, note) => {
      const locks = new Library();
      await Promise.all([
        locks.acquire(['a', 'b', 'a'], giving(note, 'one')).then((value) => note({ value })),
        locks.acquire(['b', 'c'], (done: Done) => done(null, giving(note, 'two')())).then((value) => note({ value })),
        locks.acquire([['c'], 'd'], () => note('three')),
        locks.acquire([], giving(note, 'none')).then((value) => note({ value })),
      ]);
      note(locks.isBusy());
    },
    ['one', 'three', 'none', 'two', { value: 'none' }, { value: 'one' }, { value: 'two' }, false],
  ],
  [
    'a class of promises of its own',
    async (Library, note) => {
      const locks = new Library({ Promise: Own });
      const made = locks.acquire('k', () => Own.resolve(1));
      note(made instanceof Own && made.constructor === Own);
      const waits = locks.acquire('k', () => Promise.resolve(2), { timeout: 1_000 });
      note(locks.Promise === Own);
      const before = Own.thens;
      await Promise.all([made.then(() => note('made')), waits.then(() => note('waits'))]);
      note(`${Own.thens - before} calls of then`);
    },
    [true, true, 'made', 'waits', expect.stringMatching(/^\d+ calls of then$/)],
  ],
  [
    'wrong calls',
    async (Library, note) => {
      const locks = new Library();
      const attempt = (work: () => unknown): void => {
        try {
          work();
        } catch (error) {
          note(error);
        }
      };
      attempt(() => locks.acquire('k', 5 as never));
      attempt(() => locks.acquire('k', undefined as never, () => {}));
      attempt(() => (Library as unknown as () => void)());
      const failing = {
        toString(): never {
          throw new Error('no text');
        },
      };
      attempt(() => locks.acquire(failing, () => {}));
      await locks.acquire(['a'], 5 as never).catch(note);
    },
    [
      'error: You must pass a function to execute',
      'error: You must pass a function to execute',
      expect.stringMatching(/^error: /),
      'error: no text',
      'error: You must pass a function to execute',
    ],
  ],
  [
    'frozen, inherited and proxied locks, and those of a class that derives from it',
    async (Library, note) => {
      class Derived extends Library {
        override acquire(key: unknown, work: Work, ...rest: unknown[]): Promise<unknown> {
          note(`asks for ${String(key)}`);
          return super.acquire(key, work, ...rest);
        }
      }
      const derived = new Derived();
      note(derived instanceof Derived && derived instanceof Library && derived.constructor === Derived);
      await derived.acquire(['a', 'b'], () => note('derived'));
      for (const locks of [
        Object.freeze(new Library()),
        Object.create(new Library()) as Lock,
        new Proxy(new Library(), {}),
      ]) {
        const first = locks.acquire('k', () => later(20));
        const second = locks.acquire('k', () => note('never'), { timeout: 5 }).catch(note);
        await Promise.all([first, second, locks.acquire('k', () => note('third'))]);
      }
    },
    [
      true,
      'asks for a,b',
      'asks for a',
      'asks for b',
      'derived',
      ...[1, 2, 3].flatMap(() => ['error: async-lock timed out in queue k', 'third']),
    ],
  ],
  [
    'a domain takes its lock again',
    async (Library, note) => {
      const work = async (): Promise<void> => {
        const locks = new Library({ domainReentrant: true });
        await locks.acquire('k', async () => {
          note('outer');
          await locks.acquire(['k', 'l'], () => note('inner'));
        });
        note(locks.isBusy());
      };
      await new Promise<void>((resolve) => domain.create().run(() => void work().then(resolve)));
    },
    ['outer', 'inner', false],
  ],
  [
    'keys that are no texts',
    async (Library, note) => {
      const locks = new Library();
      const keys = [1, '1', Symbol('k'), null, undefined, '', '__proto__', {}, { toString: () => '1' }, [['x']]];
      await Promise.all(keys.map((key, at) => locks.acquire(key, async () => note(`key ${at}`))));
      note(locks.isBusy());
    },
    // The second key is the first one, as is the one before the last.
    ['key 0', 'key 2', 'key 3', 'key 4', 'key 5', 'key 6', 'key 7', 'key 9', 'key 1', 'key 8', false],
  ],
];

describe.each(SCENES)('%s', (_, scene, expected) => {
  it('shows what it must', async () => {
    expect(texts(await play(fresh(), scene))).toEqual(expected);
  });

  it('is the same when watched, turn by turn', async () => {
    const plain = await play(fresh(), scene);
    const { library, lockdep } = watch(fresh());
    expect(await play(library, scene)).toEqual(plain);
    expect(lockdep.failure).toBeNull();
    expect(lockdep.violations.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('is the same when somebody else has wrapped the method, before or after', async () => {
    const calls: unknown[] = [];
    const wrap = (library: Library): void => {
      const { acquire } = library.prototype;
      library.prototype.acquire = function (this: Lock, ...args) {
        calls.push(args.length);
        return acquire.apply(this, args);
      };
    };
    const wrapped = fresh();
    wrap(wrapped);
    const plain = await play(wrapped, scene);
    const count = calls.splice(0).length;
    const before = fresh();
    wrap(before);
    expect(await play(watch(before).library, scene)).toEqual(plain);
    expect(calls.splice(0)).toHaveLength(count);
    const after = watch(fresh()).library;
    wrap(after);
    expect(await play(after, scene)).toEqual(plain);
    expect(calls).toHaveLength(count);
  });
});

describe('shape', () => {
  const shape = (target: object): unknown =>
    Object.entries(Object.getOwnPropertyDescriptors(target)).map(([name, { value, ...rest }]) => {
      return { name, ...rest, called: [(value as Call | undefined)?.name, (value as Call | undefined)?.length] };
    });
  type Call = () => unknown;

  it('of the class, its prototype and a lock stays', () => {
    const plain = fresh();
    const { library } = watch(fresh());
    expect(shape(library)).toEqual(shape(plain));
    expect(shape(library.prototype)).toEqual(shape(plain.prototype));
    expect(shape(new library())).toEqual(shape(new plain()));
    expect(new library().constructor).toBe(library);
  });

  it('of the functions that the library sees is that of those that it was given', async () => {
    const lengths: unknown[] = [];
    const library = fresh();
    const { acquire } = library.prototype;
    library.prototype.acquire = function (this: Lock, key, work, ...rest) {
      lengths.push([work.length, work.name, rest.length]);
      return acquire.call(this, key, work, ...rest);
    };
    const locks = new (watch(library).library)();
    await locks.acquire('k', function one(done: Done) {
      done();
    });
    await locks.acquire('k', function none() {}, {});
    expect(lengths).toEqual([
      [1, 'one', 0],
      [0, 'none', 1],
    ]);
  });
});

describe('what is found', () => {
  type Finding = readonly [rule: string, severity: string, message: unknown];
  const about = (text: string): unknown => expect.stringContaining(text);
  const nested = (locks: Lock, ...keys: readonly unknown[]): Promise<unknown> => locks.acquire(keys, () => later(1));

  const FOUND: readonly [name: string, scene: (locks: Lock) => unknown, expected: readonly Finding[]][] = [
    [
      'names in both orders',
      async (locks) => {
        await nested(locks, 'config', 'users');
        await nested(locks, 'users', 'config');
      },
      [['order-cycle', 'error', about('asks for locks[config] while holding locks[users]')]],
    ],
    [
      'two of one class, one way',
      (locks) => nested(locks, 'account:17', 'account:18'),
      [['recursion', 'warning', about('asks for one locks[account:*] while holding another')]],
    ],
    [
      'two of one class, both ways',
      async (locks) => {
        await nested(locks, 'account:17', 'account:18');
        await nested(locks, 'account:18', 'account:17');
      },
      [
        ['recursion', 'warning', about('nothing says')],
        ['recursion', 'error', about('opposite order')],
      ],
    ],
    [
      'numbers and their texts are the same keys',
      async (locks) => {
        await locks.acquire(17, () => locks.acquire('17', () => {}, { timeout: 5 }).catch(() => {}));
      },
      [['recursion', 'error', about('waits for itself')]],
    ],
    [
      'objects with the same text are the same keys',
      async (locks) => {
        const id = { toString: () => 'id' };
        await locks.acquire({ ...id }, () => locks.acquire({ ...id }, () => {}, { timeout: 5 }).catch(() => {}));
      },
      [['recursion', 'error', about('waits for itself')]],
    ],
    [
      'its own key, by a callback that gets the time-out',
      (locks) =>
        new Promise((resolve) => {
          locks.acquire(
            'k',
            (done: Done) =>
              locks.acquire(
                'k',
                (_: Done) => {},
                (error: unknown) => done(error),
                { timeout: 5 },
              ),
            resolve,
          );
        }),
      [['recursion', 'error', about('waits for itself')]],
    ],
    [
      'its own key, in a list',
      (locks) => locks.acquire('k', () => locks.acquire(['a', 'k'], () => {}, { timeout: 5 }).catch(() => {})),
      [
        ['order-cycle', 'error', about('locks[k]; flow#1 went the other way round')],
        ['recursion', 'error', about('waits for itself')],
      ],
    ],
    ['the same key twice in a list: the library takes it once', (locks) => nested(locks, 'k', 'k', 'a', 'k'), []],
    [
      'a callback that is called by whoever releases is not his',
      (locks) =>
        new Promise<void>((resolve) => {
          void locks.acquire('a', () => locks.acquire('k', () => later(5)));
          locks.acquire(
            'k',
            (done: Done) => setImmediate(done),
            async () => {
              await later(10);
              void locks.acquire('k', () => locks.acquire('a', () => {})).then(() => resolve());
            },
          );
        }),
      [['order-cycle', 'error', about('asks for locks[a] while holding locks[k]')]],
    ],
    [
      'too many who wait is no wait',
      async (locks) => {
        await nested(locks, 'b', 'a');
        const other = locks.acquire('b', () => later(5));
        await locks.acquire('a', async () => {
          const waits = locks.acquire('b', () => {});
          await locks.acquire('b', () => {}, { maxPending: 1 }).catch(() => {});
          void waits;
        });
        await other;
      },
      [],
    ],
    [
      'a function that is not waited for',
      async (locks) => {
        await nested(locks, 'b', 'a');
        await locks.acquire('a', () => {
          void locks.acquire('b', () => {});
        });
      },
      [],
    ],
  ];

  it.each(FOUND)('%s', async (_, scene, expected) => {
    const { library, lockdep } = watch(fresh());
    await scene(new library());
    await later(1);
    expect(lockdep.violations.map(({ rule, severity, message }) => [rule, severity, message])).toEqual(expected);
    expect(lockdep.failure).toBeNull();
  });

  it('work that is started by whoever releases has what its own flow has', async () => {
    const { library, lockdep } = watch(fresh());
    const locks = new library();
    const held: string[][] = [];
    const note = (): void => {
      held.push(lockdep.currentOwner().held.map(({ lock }) => lock.name));
    };
    const first = locks.acquire('a', () => locks.acquire('k', () => later(5)));
    const second = locks.acquire('b', () => locks.acquire('k', note));
    const third = locks.acquire('k', (done: Done) => {
      note();
      done();
    });
    await Promise.all([first, second, third]);
    expect(held).toEqual([['locks[b]', 'locks[k]'], ['locks[k]']]);
  });

  it('keys that the user says are sorted: one against the order at once, and nothing for those in order', async () => {
    const { library, lockdep } = watch(fresh(), [{ pattern: 'acc*', sorted: true }]);
    const locks = new library();
    await nested(locks, 'account:17', 'account:18');
    expect(lockdep.violations).toEqual([]);
    await nested(locks, 'account:19', 'account:18');
    expect(lockdep.violations.map(({ rule, severity, message }) => [rule, severity, message])).toEqual([
      ['recursion', 'error', about('against the order')],
    ]);
  });

  it('a key is free when its function has thrown before done, or was too slow', async () => {
    const { library, watcher } = watch(fresh());
    const { live } = watcher.tracker;
    const locks = new library({ maxExecutionTime: 5 });
    const thrown = locks.acquire('k', (_: Done) => {
      throw new Error('thrown');
    });
    expect(live.count).toBe(0);
    await expect(thrown).rejects.toThrow('thrown');
    const slow = locks.acquire('k', () => later(30));
    expect(live.held).toHaveLength(1);
    await expect(slow).rejects.toThrow('Maximum execution time');
    expect(live.count).toBe(0);
    await later(30);
    expect(live.count).toBe(0);
  });

  it('a queue that somebody has skipped is not known to be in order', async () => {
    const { library, watcher } = watch(fresh());
    const locks = new library();
    const isFair = (): boolean | undefined => watcher.tracker.live.waiting.at(-1)?.tickets.isFair;
    const all = [locks.acquire('k', () => later(5)), locks.acquire('k', () => {})];
    expect(isFair()).toBe(true);
    all.push(locks.acquire('k', () => {}, { skipQueue: true }));
    expect(isFair()).toBe(false);
    all.push(locks.acquire('k', () => {}));
    expect(isFair()).toBe(false);
    await Promise.all(all);
  });

  it('two lists that wait for each other are a deadlock as soon as they do', async () => {
    const { library, lockdep } = watch(fresh());
    const locks = new library();
    const first = locks.acquire('a', () => later(5));
    void locks.acquire(['a', 'b'], () => {});
    void locks.acquire(['b', 'a'], () => {});
    await first;
    await later(1);
    expect(lockdep.violations.map(({ rule }) => rule)).toContain('deadlock');
  });

  it('a wait that times out is over, whatever class the promises are of', async () => {
    const Bluebird = require('../libraries/previous/node_modules/bluebird');
    const { library, lockdep, watcher } = watch(fresh());
    const locks = new library({ Promise: Bluebird });
    const first = locks.acquire('k', () => Bluebird.delay(20, 'first'));
    await expect(locks.acquire('k', () => {}, { timeout: 5 })).rejects.toThrow('timed out');
    expect(watcher.tracker.live.count).toBe(1);
    await expect(first).resolves.toBe('first');
    expect(watcher.tracker.live.count).toBe(0);
    expect(lockdep.violations).toEqual([]);
  });
});

describe('adopt', () => {
  it('watches a lock that was made before', async () => {
    const library = fresh();
    const locks = new library();
    const { lockdep, watcher } = watch(fresh());
    expect(watcher.naming('sessions', undefined, () => asyncLock.adopt?.(locks, watcher))).toBe(locks);
    await locks.acquire(['a', 'b'], () => {});
    await locks.acquire(['b', 'a'], () => {});
    expect(lockdep.violations.map(({ rule, message }) => [rule, message])).toEqual([
      ['order-cycle', expect.stringContaining('sessions[a]')],
    ]);
  });

  it('leaves the locks of a lock in use as they are', async () => {
    const { library, watcher } = watch(fresh());
    const locks = new library();
    const keys = watcher.keyedOf(locks.queues);
    await locks.acquire('k', () => {
      expect(asyncLock.adopt?.(locks, watcher)).toBe(locks);
      expect(watcher.keyedOf(locks.queues)).toBe(keys);
    });
  });

  it.each([
    ['an object', {}],
    ['a function', () => {}],
    ['one with fields alone', { queues: Object.create(null), Promise, timeout: 0 }],
    ['one with methods alone', { acquire() {}, _acquireBatch() {} }],
    [
      'getters that fail',
      Object.defineProperty({}, 'queues', {
        get() {
          throw new Error('asked');
        },
      }),
    ],
  ])('knows that %s is no lock of this library', (_, value) => {
    expect(asyncLock.adopt?.(value, watch(fresh()).watcher)).toBeUndefined();
  });
});

it('says that exports without the class are not those of the library', () => {
  const { watcher } = watch(fresh());
  expect(() => asyncLock.watch({ acquire() {} }, watcher)).toThrow('async-lock exports no class');
});
