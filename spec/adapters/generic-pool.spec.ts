// The adapter with the real library, alone and watched: nothing is different for the program.
import path from 'node:path';
import { genericPool } from '../../lib/adapters/generic-pool.ts';
import { startWatching, type Watching } from '../support/libraries.ts';

const LIBRARY = path.resolve(__dirname, '../libraries/node_modules/generic-pool');

interface Pool {
  acquire(priority?: number): Promise<{ isSpoilt?: boolean }>;
  release(resource: unknown): Promise<void>;
  destroy(resource: unknown): Promise<void>;
  use<Result>(work: (resource: object) => Promise<Result>, priority?: number): Promise<Result>;
  drain(): Promise<void>;
  clear(): Promise<void>;
  readonly borrowed: number;
  readonly pending: number;
}
interface Library {
  readonly Pool: new (...args: unknown[]) => Pool;
  readonly createPool: (factory: object, config?: object) => Pool;
  readonly DefaultEvictor: unknown;
  readonly Deque: unknown;
  readonly PriorityQueue: unknown;
}
type Acquire = (this: Pool, priority?: number) => Promise<object>;

function fresh(): Library {
  let loaded: Library | undefined;
  jest.isolateModules(() => {
    loaded = require(LIBRARY) as Library;
  });
  return loaded as Library;
}

const watching: Watching[] = [];

function begin(): Watching {
  const begun = startWatching();
  watching.push(begun);
  return begun;
}

afterEach(() => {
  for (const one of watching.splice(0)) {
    one.stop();
  }
});

const watched = (library: Library): Library => begin().watched(genericPool, library);

/** As a tool that measures would: the same method, with something around it. */
function measured(library: Library): Library {
  const prototype = library.Pool.prototype as { acquire: Acquire };
  const { acquire } = prototype;
  prototype.acquire = function (priority): Promise<object> {
    return acquire.call(this, priority);
  };
  return library;
}

const forms: readonly [string, () => Library][] = [
  ['alone', fresh],
  ['watched', () => watched(fresh())],
  ['watched after another tool', () => watched(measured(fresh()))],
  ['watched before another tool', () => measured(watched(fresh()))],
  ['watched by two checkers', () => watched(watched(fresh()))],
];

let made = 0;
const factory = {
  create: async () => ({ id: ++made }),
  destroy: async () => {},
  validate: async (resource: { isSpoilt?: boolean }) => resource.isSpoilt !== true,
};
const config = { max: 1, priorityRange: 2 };

/** How many turns of the microtask queue a promise takes to settle. */
async function turnsOf(promise: Promise<unknown>): Promise<number> {
  let isOver = false;
  let turns = 0;
  const over = (): void => {
    isOver = true;
  };
  promise.then(over, over);
  while (!isOver) {
    await null;
    turns++;
  }
  return turns;
}

describe.each(forms)('a pool that is %s', (_, form) => {
  let library: Library;
  let pool: Pool;

  beforeEach(() => {
    library = form();
    pool = library.createPool(factory, config);
  });

  it('gives a resource to one after the other, the more urgent first', async () => {
    const order: string[] = [];
    const use = async (name: string, priority: number): Promise<void> => {
      const resource = await pool.acquire(priority);
      order.push(name);
      await pool.release(resource);
    };
    await Promise.all([use('first', 1), use('later', 1), use('urgent', 0)]);
    expect(order).toHaveLength(3);
    expect(order.indexOf('urgent')).toBeLessThan(order.indexOf('later'));
  });

  it('says that a wait has timed out, and no more where nobody handles it', async () => {
    const hasty = library.createPool(factory, { max: 1, acquireTimeoutMillis: 10 });
    const resource = await hasty.acquire();
    const unheard: unknown[] = [];
    const hear = (reason: unknown): unknown => unheard.push(reason);
    process.on('unhandledRejection', hear);
    void hasty.acquire();
    await expect(hasty.acquire()).rejects.toMatchObject({ name: 'TimeoutError' });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    await hasty.release(resource);
    // The library itself has a handler for it.
    expect(unheard).toEqual([]);
  });

  it('refuses what nobody holds, and requests of too many or when it drains', async () => {
    const resource = await pool.acquire();
    await pool.release(resource);
    await expect(pool.release(resource)).rejects.toThrow('Resource not currently part of this pool');
    await expect(pool.destroy({})).rejects.toThrow('Resource not currently part of this pool');
    const full = library.createPool(factory, { max: 1, maxWaitingClients: 0 });
    const only = await full.acquire();
    await expect(full.acquire()).rejects.toThrow('max waitingClients count exceeded');
    await full.release(only);
    await pool.drain();
    await expect(pool.acquire()).rejects.toThrow('pool is draining and cannot accept work');
  });

  it('gives back what was used, and destroys it where the work fails', async () => {
    let first: object | undefined;
    const result = await pool.use(async (resource) => {
      first = resource;
      return 'result';
    });
    const error = new Error('failed');
    await expect(pool.use(() => Promise.reject(error))).rejects.toBe(error);
    const next = await pool.acquire();
    expect([result, next === first, pool.borrowed]).toEqual(['result', false, 1]);
    await pool.release(next);
  });

  it('gives nobody what is spoilt', async () => {
    const careful = library.createPool(factory, { max: 1, testOnBorrow: true });
    const resource = await careful.acquire();
    resource.isSpoilt = true;
    await careful.release(resource);
    const other = await careful.acquire();
    expect(other).not.toBe(resource);
    await careful.release(other);
  });

  it('says in its own words what is wrong with the factory', () => {
    expect(() => library.createPool({})).toThrow('factory.create must be a function');
  });

  it('takes resources that are no objects, and promises of another class', async () => {
    class Own<Value> extends Promise<Value> {}
    const numbers = library.createPool(
      { create: async () => ++made, destroy: async () => {} },
      { max: 1, Promise: Own },
    );
    const promise = numbers.acquire();
    expect(promise).toBeInstanceOf(Own);
    const number: unknown = await promise;
    expect(typeof number).toBe('number');
    await numbers.release(number);
    expect(numbers.borrowed).toBe(0);
  });

  it('is an instance of its class, and of one that derives from it', async () => {
    class Own extends library.Pool {}
    const { DefaultEvictor, Deque, PriorityQueue } = library;
    const own = new Own(DefaultEvictor, Deque, PriorityQueue, factory, config);
    expect([pool instanceof library.Pool, own instanceof Own, own instanceof library.Pool]).toEqual([true, true, true]);
    await own.release(await own.acquire());
    expect(own.borrowed).toBe(0);
  });

  it('works where it stands behind a proxy', async () => {
    const proxy = new Proxy(pool, {});
    await proxy.release(await proxy.acquire());
    expect(pool.borrowed).toBe(0);
  });

  it('settles in as many turns', async () => {
    const plain = fresh().createPool(factory, config);
    const turns = async (of: Pool): Promise<number[]> => {
      const first = await turnsOf(of.acquire().then((resource) => of.release(resource)));
      const second = await turnsOf(of.use(async () => 1));
      return [first, second];
    };
    expect(await turns(pool)).toEqual(await turns(plain));
  });
});

it('the methods look like those of the library', () => {
  const shape = ({ Pool: { prototype } }: Library): unknown =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype as object)).map(([name, { value, ...rest }]) => {
      const method = (value ?? {}) as { name?: string; length?: number };
      // Getters are as they were; that of a watched class is another function.
      const { get: _, ...attributes } = rest;
      return name === 'constructor' ? [name, attributes] : [name, attributes, method.name, method.length];
    });
  expect(shape(watched(fresh()))).toEqual(shape(fresh()));
});

async function nest(pool: Pool): Promise<void> {
  const one = await pool.acquire();
  await pool.release(await pool.acquire());
  await pool.release(one);
}

it.each<[string, (library: Library) => Pool]>([
  ['createPool', ({ createPool }) => createPool(factory, { max: 2 })],
  [
    'new Pool',
    ({ Pool, DefaultEvictor, Deque, PriorityQueue }) =>
      new Pool(DefaultEvictor, Deque, PriorityQueue, factory, { max: 2 }),
  ],
])('a resource of a pool made by %s that is held while another one is asked for is a finding', async (_, make) => {
  const { lockdep, watched: watch } = begin();
  await nest(make(watch(genericPool, fresh())));
  expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
});

describe('a pool that was made before', () => {
  it('is watched from then on', async () => {
    const { lockdep, watcher } = begin();
    const pool = fresh().createPool(factory, { max: 2 });
    expect(genericPool.adopt?.(pool, watcher)).toBe(pool);
    await nest(pool);
    expect(watcher.lockOf(pool)?.capacity).toBe(2);
    expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
  });

  const hostile = {
    get _config(): never {
      throw new Error('asked');
    },
  };

  it.each<[string, object]>([
    ['an empty object', {}],
    ['a function', () => {}],
    ['something that has some of the properties', { _config: {}, _factory: {} }],
    [
      'something that has all of them and no methods',
      { _config: {}, _factory: {}, _waitingClientsQueue: {}, _resourceLoans: new Map() },
    ],
    ['something that must not be asked', hostile],
  ])('%s is none', (_, object) => {
    expect(genericPool.adopt?.(object, begin().watcher)).toBeUndefined();
  });
});

it('exports without a class Pool cannot be watched', () => {
  expect(() => genericPool.watch({}, begin().watcher)).toThrow('generic-pool has no class Pool');
});
