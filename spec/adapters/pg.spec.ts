// pg and pg-pool, unwatched and watched: nothing is different for the program.
import { EventEmitter } from 'node:events';
import type { Exports } from '../../lib/adapters/adapter.ts';
import { LibraryWatcher } from '../../lib/adapters/library-watcher.ts';
import { pg, pgPool } from '../../lib/adapters/pg.ts';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { FlowTracker } from '../../lib/owner/tracker.ts';

type Callback = (...args: unknown[]) => void;

class FakeClient extends EventEmitter {
  readonly _queryable = true;
  readonly _ending = false;
  declare release: (error?: unknown) => void;

  constructor(readonly options: { readonly refuses?: boolean }) {
    super();
  }

  connect(callback: Callback): void {
    setImmediate(() => callback(this.options.refuses === true ? new Error('refused') : null));
  }

  query(text: string, values: unknown, callback?: Callback): void {
    const done = typeof values === 'function' ? (values as Callback) : (callback as Callback);
    setImmediate(() => (text === 'wrong' ? done(new Error('wrong')) : done(null, { rows: [text] })));
  }

  end(callback: Callback): void {
    setImmediate(callback);
  }
}

interface Pool extends EventEmitter {
  connect(callback?: Callback): Promise<FakeClient>;
  query(text: unknown, values?: unknown, callback?: Callback): Promise<unknown>;
  end(callback?: Callback): Promise<void>;
  readonly waitingCount: number;
}
type PoolClass = new (options: object) => Pool;
interface Pg {
  readonly Pool: PoolClass;
  readonly Client: new (options?: object) => EventEmitter;
}

const LIBRARY = '../libraries/node_modules/pg';

function fresh(): { pg: Pg; Base: PoolClass } {
  let loaded: { pg: Pg; Base: PoolClass } | undefined;
  jest.isolateModules(() => {
    loaded = { pg: require(LIBRARY) as Pg, Base: require('../libraries/node_modules/pg-pool') as PoolClass };
  });
  return loaded as { pg: Pg; Base: PoolClass };
}

const trackers: FlowTracker[] = [];

function watched(): { pg: Pg; original: Pg['Pool']; lockdep: Lockdep; watcher: LibraryWatcher; Base: PoolClass } {
  const { pg: library, Base } = fresh();
  const original = library.Pool;
  const lockdep = createLockdep({ sites: 'all' });
  const tracker = new FlowTracker(lockdep);
  trackers.push(tracker);
  expect(tracker.start()).toBe(true);
  const watcher = new LibraryWatcher(lockdep, tracker, { origin: ({ below, kind }) => lockdep.origin(below, kind) });
  const replaced = pg.watch(library as unknown as Exports, watcher);
  return { pg: { ...library, ...replaced } as Pg, original, lockdep, watcher, Base };
}

afterEach(() => {
  for (const tracker of trackers.splice(0)) {
    tracker.stop();
  }
});

const messageOf = (error: unknown): string => (error as Error).message;

/** What the program notices, in the order in which it does. */
async function noticed({ Pool }: Pg): Promise<unknown[]> {
  const log: unknown[] = [];
  const pool = new Pool({ idleTimeoutMillis: 0, Client: FakeClient, max: 1 });
  pool.on('acquire', () => log.push('acquire'));
  pool.on('release', (error) => log.push(['release', error]));
  const first = await pool.connect();
  const second = pool.connect();
  const third = pool.connect((error, client, release) => {
    log.push(['third', error, client === first, release === first.release]);
    first.release();
  });
  log.push(['waiting', pool.waitingCount, third]);
  void second.then((client) => {
    log.push('second');
    client.release();
  });
  first.release();
  let turn = 0;
  while (turn < 6) {
    await Promise.resolve();
    log.push(++turn);
  }
  log.push(await pool.query('text', []));
  log.push(await pool.query('wrong').catch(messageOf));
  log.push(await new Promise((resolve) => pool.query((error: unknown) => resolve(messageOf(error)))));
  log.push(await new Promise((resolve) => pool.query('text', (...args: unknown[]) => resolve(args))));
  const last = await pool.connect();
  last.release(new Error('broken'));
  try {
    last.release();
  } catch (error) {
    log.push(messageOf(error));
  }
  const refusing = new Pool({ idleTimeoutMillis: 0, Client: FakeClient, max: 1, refuses: true });
  log.push(await refusing.connect().catch(messageOf));
  await pool.end();
  log.push(await pool.connect().catch(messageOf), await pool.end().catch(messageOf));
  return log;
}

it('gives the program the same, in the same order', async () => {
  const alone = await noticed(fresh().pg);
  const { pg: library, lockdep } = watched();
  expect(await noticed(library)).toEqual(alone);
  expect(alone).toContain('second');
  expect(lockdep.violations.filter(({ rule }) => rule !== 'recursion')).toEqual([]);
});

it('looks the same', () => {
  const { pg: plain } = fresh();
  const { pg: library, original } = watched();
  for (const name of ['connect', 'query', 'newClient', '_acquireClient', '_release']) {
    const shapes = [plain.Pool, library.Pool].map((Pool) => {
      const { value, ...flags } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Pool.prototype), name) ?? {};
      return { ...flags, name: (value as Callback).name, length: (value as Callback).length };
    });
    expect(shapes[1]).toEqual(shapes[0]);
  }
  const pool = new library.Pool({ idleTimeoutMillis: 0, Client: FakeClient });
  expect(pool).toBeInstanceOf(original);
  expect(pool.constructor).toBe(library.Pool);
  expect(pool.connect()).toBeInstanceOf(Promise);
  class Own extends library.Pool {}
  expect(new Own({ idleTimeoutMillis: 0, Client: FakeClient })).toBeInstanceOf(Own);
});

it('hands a refused connection to whoever waits for it', async () => {
  const { pg: library } = watched();
  const seen: unknown[] = [];
  const pool = new library.Pool({ idleTimeoutMillis: 0, Client: FakeClient, refuses: true });
  pool.connect().catch((error) => seen.push(messageOf(error)));
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(seen).toEqual(['refused']);
});

it('works with a method that somebody else has replaced, before or after', async () => {
  for (const isBefore of [true, false]) {
    const { pg: library, Base } = fresh();
    const calls: string[] = [];
    const patch = (): void => {
      const { connect } = Base.prototype;
      Base.prototype.connect = function other(...args: [Callback?]) {
        calls.push('connect');
        return connect.apply(this, args);
      };
    };
    const lockdep = createLockdep({ sites: 'all' });
    const tracker = new FlowTracker(lockdep);
    trackers.push(tracker);
    tracker.start();
    const watcher = new LibraryWatcher(lockdep, tracker, { origin: ({ below, kind }) => lockdep.origin(below, kind) });
    if (isBefore) patch();
    const { Pool } = { ...library, ...pg.watch(library as unknown as Exports, watcher) } as Pg;
    if (!isBefore) patch();
    const pool = new Pool({ idleTimeoutMillis: 0, Client: FakeClient, max: 3 });
    await (async () => {
      const client = await pool.connect();
      await pool.query('text');
      client.release();
    })();
    expect(calls).toEqual(['connect', 'connect']);
    expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
  }
});

it('knows a pool that is handed over, and nothing else', async () => {
  const { watcher, lockdep } = watched();
  const { Base } = fresh();
  const pool = new Base({ idleTimeoutMillis: 0, Client: FakeClient, max: 2 });
  expect(watcher.naming('by hand', undefined, () => pgPool.adopt?.(pool, watcher))).toBe(pool);
  await (async () => {
    const client = await pool.connect();
    await pool.query('text');
    client.release();
  })();
  expect(lockdep.violations.map((one) => [one.rule, 'lock' in one && one.lock?.name])).toEqual([
    ['pool-nesting', 'by hand'],
  ]);
  const refuses = new Proxy(
    {},
    {
      getOwnPropertyDescriptor: () => {
        throw new Error('refused');
      },
    },
  );
  for (const other of [{}, [], () => {}, new EventEmitter(), refuses, Object.freeze({ _pendingQueue: [] })]) {
    expect(pgPool.adopt?.(other, watcher)).toBeUndefined();
  }
});
