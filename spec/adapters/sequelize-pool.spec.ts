// The adapter with the real library, both majors, alone and watched: nothing is different for the program.
import path from 'node:path';
import { sequelizePool } from '../../lib/adapters/sequelize-pool.ts';
import { startWatching, type Watching } from '../support/libraries.ts';

const LIBRARIES = path.resolve(__dirname, '../libraries');
const MAJORS = { 8: 'node_modules/sequelize-pool', 7: 'previous/node_modules/sequelize-pool' } as const;
type Major = keyof typeof MAJORS;

interface Pool {
  acquire(): Promise<{ isSpoilt?: boolean }>;
  release(resource: unknown): void;
  destroy(resource: unknown): Promise<void>;
  drain(): Promise<void>;
  destroyAllNow(): Promise<void>;
  readonly using: number;
  readonly available: number;
  readonly maxSize: number;
}
type PoolClass = new (factory: object) => Pool;
type Acquire = (this: Pool) => Promise<object>;

function freshPool(major: Major = 8): PoolClass {
  let fresh: { Pool: PoolClass } | undefined;
  jest.isolateModules(() => {
    fresh = require(path.join(LIBRARIES, MAJORS[major])) as { Pool: PoolClass };
  });
  return (fresh as { Pool: PoolClass }).Pool;
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

function watchedPool(Original: PoolClass): PoolClass {
  return begin().watched(sequelizePool, { Pool: Original }).Pool;
}

/** As a tool that measures would: the same method, with something around it. */
function measured(Original: PoolClass): PoolClass {
  const prototype = Original.prototype as { acquire: Acquire };
  const { acquire } = prototype;
  prototype.acquire = function (): Promise<object> {
    return acquire.call(this);
  };
  return Original;
}

const forms: readonly [string, Major, () => PoolClass][] = ([8, 7] as const).flatMap(
  (major): [string, Major, () => PoolClass][] => [
    ['alone', major, () => freshPool(major)],
    ['watched', major, () => watchedPool(freshPool(major))],
    ['watched after another tool', major, () => watchedPool(measured(freshPool(major)))],
    ['watched before another tool', major, () => measured(watchedPool(freshPool(major)))],
    ['watched by two checkers', major, () => watchedPool(watchedPool(freshPool(major)))],
  ],
);

let made = 0;
let log: string[] = [];
const factory = {
  create: async () => ({ id: ++made }),
  destroy: async () => {},
  validate: (resource: { isSpoilt?: boolean }) => resource.isSpoilt !== true,
  min: 0,
  max: 1,
  acquireTimeoutMillis: 20,
  idleTimeoutMillis: 5,
  reapIntervalMillis: 5,
  log: (message: string) => log.push(message),
};

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

describe.each(forms)('a pool that is %s (%i)', (_, major, form) => {
  let Pool: PoolClass;
  let pool: Pool;

  beforeEach(() => {
    log = [];
    Pool = form();
    pool = new Pool(factory);
  });

  afterEach(async () => {
    await pool.drain();
    await pool.destroyAllNow();
  });

  it('gives a connection to one after the other', async () => {
    const order: string[] = [];
    const use = async (name: string): Promise<void> => {
      const connection = await pool.acquire();
      order.push(name);
      await Promise.resolve();
      expect(pool.release(connection)).toBeUndefined();
    };
    await Promise.all([use('a'), use('b'), use('c')]);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('says that a wait has timed out', async () => {
    const connection = await pool.acquire();
    const error: unknown = await pool.acquire().catch((reason: unknown) => reason);
    expect((error as Error).constructor.name).toBe('TimeoutError');
    pool.release(connection);
  });

  it('logs a release of what nobody holds', async () => {
    const connection = await pool.acquire();
    pool.release(connection);
    pool.release(connection);
    pool.release({});
    expect(log.filter((line) => line.startsWith('release called twice'))).toHaveLength(1);
    expect(log.filter((line) => line.startsWith('attempt to release an invalid'))).toHaveLength(1);
    expect([pool.using, pool.available]).toEqual([0, 1]);
  });

  it('destroys what is held, and makes another one', async () => {
    const connection = await pool.acquire();
    await pool.destroy(connection);
    const other = await pool.acquire();
    expect(other).not.toBe(connection);
    pool.release(other);
  });

  it('gives nobody what is spoilt', async () => {
    const connection = await pool.acquire();
    connection.isSpoilt = true;
    pool.release(connection);
    const other = await pool.acquire();
    expect(other).not.toBe(connection);
    pool.release(other);
  });

  it('refuses new requests when it drains', async () => {
    await pool.drain();
    await expect(pool.acquire()).rejects.toThrow('pool is draining and cannot accept work');
  });

  it('says in its own words what is wrong with the options', () => {
    expect(() => new Pool({ ...factory, max: 0 })).toThrow('max must be an integer > 0');
  });

  it('is an instance of its class, and of one that derives from it', async () => {
    class Own extends Pool {}
    const own = new Own(factory);
    expect([pool instanceof Pool, own instanceof Own, own instanceof Pool, pool.constructor === Pool]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    own.release(await own.acquire());
    expect(own.available).toBe(1);
    await own.destroyAllNow();
  });

  it('works where it stands behind a proxy', async () => {
    const proxy = new Proxy(pool, {});
    proxy.release(await proxy.acquire());
    expect(pool.available).toBe(1);
  });

  it('settles in as many turns', async () => {
    const plain = new (freshPool(major))(factory);
    const turns = async (of: Pool): Promise<number[]> => {
      const first = await turnsOf(of.acquire().then((connection) => of.release(connection)));
      const second = await turnsOf(of.acquire().then((connection) => of.release(connection)));
      return [first, second];
    };
    expect(await turns(pool)).toEqual(await turns(plain));
    await plain.destroyAllNow();
  });
});

it('the methods look like those of the library', () => {
  const shape = (of: PoolClass): unknown =>
    Object.entries(Object.getOwnPropertyDescriptors(of.prototype as object)).map(([name, { value, ...rest }]) => {
      const method = (value ?? {}) as { name?: string; length?: number };
      // Getters are as they were; that of a watched class is another function.
      const { get: _, ...attributes } = rest;
      return name === 'constructor' ? [name, attributes] : [name, attributes, method.name, method.length];
    });
  expect(shape(watchedPool(freshPool()))).toEqual(shape(freshPool()));
});

async function nest(pool: Pool): Promise<void> {
  const one = await pool.acquire();
  pool.release(await pool.acquire());
  pool.release(one);
  await pool.destroyAllNow();
}

it('a connection that is held while another one is asked for is a finding', async () => {
  const { lockdep, watched } = begin();
  const { Pool } = watched(sequelizePool, { Pool: freshPool() });
  await nest(new Pool({ ...factory, max: 2 }));
  expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
});

it('a second release of one acquire is a finding, and that of a stranger is none', async () => {
  const { lockdep, watched } = begin();
  const { Pool } = watched(sequelizePool, { Pool: freshPool() });
  const pool = new Pool({ ...factory, max: 2 });
  const connection = await pool.acquire();
  pool.release({});
  pool.release(connection);
  expect(lockdep.violations).toEqual([]);
  pool.release(connection);
  await pool.destroyAllNow();
  expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['bad-release']);
});

describe('a pool that was made before', () => {
  it('is watched from then on', async () => {
    const { lockdep, watcher } = begin();
    const pool = new (freshPool())({ ...factory, max: 2 });
    expect(sequelizePool.adopt?.(pool, watcher)).toBe(pool);
    await nest(pool);
    expect(watcher.lockOf(pool)?.capacity).toBe(2);
    expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
  });

  const hostile = {
    get _factory(): never {
      throw new Error('asked');
    },
  };

  it.each<[string, object]>([
    ['an empty object', {}],
    ['a function', () => {}],
    ['something that has some of the properties', { _factory: {}, _pendingAcquires: [] }],
    [
      'something that has all of them and no methods',
      { _factory: {}, _pendingAcquires: [], _inUseObjects: [], _availableObjects: [] },
    ],
    ['something that must not be asked', hostile],
  ])('%s is none', (_, object) => {
    expect(sequelizePool.adopt?.(object, begin().watcher)).toBeUndefined();
  });
});

it('exports without a class Pool cannot be watched', () => {
  expect(() => sequelizePool.watch({}, begin().watcher)).toThrow('sequelize-pool has no class Pool');
});
