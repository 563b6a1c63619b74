// The adapter with the real library, alone and watched: nothing is different for the program.
import path from 'node:path';
import type { Exports } from '../../lib/adapters/adapter.ts';
import { tarn } from '../../lib/adapters/tarn.ts';
import { startWatching, type Watching } from '../support/libraries.ts';

const LIBRARY = path.resolve(__dirname, '../libraries/node_modules/tarn');

interface Pending {
  readonly promise: Promise<object>;
  abort(): void;
}
interface Pool {
  acquire(): Pending;
  release(resource: unknown): boolean;
  destroy(): Promise<unknown>;
  on(event: string, listener: (...args: unknown[]) => void): void;
  removeAllListeners(event?: string): void;
  readonly emitter: { eventNames(): unknown[] };
}
type PoolClass = new (options: object) => Pool;
type Acquire = (this: Pool) => Pending;

function freshPool(): PoolClass {
  let fresh: { Pool: PoolClass } | undefined;
  jest.isolateModules(() => {
    fresh = require(LIBRARY) as { Pool: PoolClass };
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
  return begin().watched(tarn, { Pool: Original }).Pool;
}

/** As a tool that measures would: the same method, with something around it. */
function measured(Original: PoolClass): PoolClass {
  const prototype = Original.prototype as { acquire: Acquire };
  const { acquire } = prototype;
  prototype.acquire = function (): Pending {
    return acquire.call(this);
  };
  return Original;
}

const forms: readonly [string, () => PoolClass][] = [
  ['alone', freshPool],
  ['watched', () => watchedPool(freshPool())],
  ['watched after another tool', () => watchedPool(measured(freshPool()))],
  ['watched before another tool', () => measured(watchedPool(freshPool()))],
  ['watched by two checkers', () => watchedPool(watchedPool(freshPool()))],
];

let made = 0;
const options = { create: async () => ({ id: ++made }), destroy: () => {}, min: 0, max: 1, acquireTimeoutMillis: 20 };

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
  let Pool: PoolClass;
  let pool: Pool;

  beforeEach(() => {
    Pool = form();
    pool = new Pool(options);
  });

  it('gives a connection to one after the other', async () => {
    const order: string[] = [];
    const use = async (name: string): Promise<void> => {
      const connection = await pool.acquire().promise;
      order.push(name);
      await Promise.resolve();
      expect(pool.release(connection)).toBe(true);
    };
    await Promise.all([use('a'), use('b'), use('c')]);
    expect(order).toEqual(['a', 'b', 'c']);
    await pool.destroy();
  });

  it('says that a wait has timed out, or was aborted', async () => {
    const connection = await pool.acquire().promise;
    await expect(pool.acquire().promise).rejects.toThrow('operation timed out for an unknown reason');
    const aborted = pool.acquire();
    aborted.abort();
    await expect(aborted.promise).rejects.toThrow('aborted');
    pool.release(connection);
    await pool.destroy();
  });

  it('refuses what nobody holds', async () => {
    const connection = await pool.acquire().promise;
    expect([pool.release({}), pool.release(connection), pool.release(connection)]).toEqual([false, true, false]);
    await pool.destroy();
  });

  it('says in its own words what is wrong with the options', () => {
    expect(() => new Pool({ ...options, max: 0 })).toThrow('Tarn: opt.max must be an integer > 0');
  });

  it('has the listeners of the program and no others', async () => {
    const events: string[] = [];
    for (const event of ['acquireRequest', 'acquireSuccess', 'release']) {
      pool.on(event, () => events.push(event));
    }
    expect(pool.emitter.eventNames()).toEqual(['acquireRequest', 'acquireSuccess', 'release']);
    pool.release(await pool.acquire().promise);
    for (const event of pool.emitter.eventNames()) {
      pool.removeAllListeners(String(event));
    }
    pool.release(await pool.acquire().promise);
    expect(events).toEqual(['acquireRequest', 'acquireSuccess', 'release']);
    await pool.destroy();
  });

  it('is an instance of its class, and of one that derives from it', async () => {
    class Own extends Pool {}
    const own = new Own(options);
    expect([pool instanceof Pool, own instanceof Own, own instanceof Pool, pool.constructor === Pool]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(own.release(await own.acquire().promise)).toBe(true);
    await Promise.all([own.destroy(), pool.destroy()]);
  });

  it('works where it stands behind a proxy', async () => {
    const proxy = new Proxy(pool, {});
    expect(proxy.release(await proxy.acquire().promise)).toBe(true);
    await pool.destroy();
  });

  it('settles in as many turns', async () => {
    const plain = new (freshPool())(options);
    const turns = async (of: Pool): Promise<number[]> => {
      const first = await turnsOf(of.acquire().promise.then((connection) => of.release(connection)));
      const second = await turnsOf(of.acquire().promise.then((connection) => of.release(connection)));
      return [first, second];
    };
    expect(await turns(pool)).toEqual(await turns(plain));
    await Promise.all([plain.destroy(), pool.destroy()]);
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

it('a connection that is held while another one is asked for is a finding', async () => {
  const { lockdep, watched } = begin();
  const Pool = watched(tarn, { Pool: freshPool() }).Pool;
  const pool = new Pool({ ...options, max: 2 });
  const one = await pool.acquire().promise;
  const other = await pool.acquire().promise;
  pool.release(other);
  pool.release(one);
  await pool.destroy();
  expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
});

describe('a pool that was made before', () => {
  it('is watched from then on', async () => {
    const { lockdep, watcher } = begin();
    const pool = new (freshPool())({ ...options, max: 2 });
    expect(tarn.adopt?.(pool, watcher)).toBe(pool);
    const one = await pool.acquire().promise;
    pool.release(await pool.acquire().promise);
    pool.release(one);
    await pool.destroy();
    expect(watcher.lockOf(pool)?.capacity).toBe(2);
    expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
  });

  it('is watched where it is frozen', () => {
    const { watcher } = begin();
    const pool = Object.freeze(new (freshPool())(options));
    expect(tarn.adopt?.(pool, watcher)).toBe(pool);
    expect(watcher.lockOf(pool)?.capacity).toBe(1);
  });

  const hostile = {
    get max(): never {
      throw new Error('asked');
    },
  };

  it.each<[string, object]>([
    ['an empty object', {}],
    ['a function', () => {}],
    ['something that has some of the properties', { max: 1, used: [] }],
    [
      'something that has all of them and no methods',
      { max: 1, acquireTimeoutMillis: 1, used: [], pendingAcquires: [] },
    ],
    ['something that must not be asked', hostile],
  ])('%s is none', (_, object) => {
    expect(tarn.adopt?.(object, begin().watcher)).toBeUndefined();
  });
});

it('exports without a class Pool cannot be watched', () => {
  expect(() => tarn.watch({} as Exports, begin().watcher)).toThrow('tarn has no class Pool');
});
