// The adapter with the real library and the server that it contains, alone and watched: nothing is different for the program.
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import path from 'node:path';
import { mysql2 } from '../../lib/adapters/mysql2.ts';
import { startWatching, type Watching } from '../support/libraries.ts';

const LIBRARY = path.resolve(__dirname, '../libraries/node_modules/mysql2');

type Done = (error: Error | null, result?: unknown) => void;
interface Connection {
  query(sql: string, done: Done): void;
  release(): void;
  destroy(): void;
}
interface Pool {
  getConnection(done: (error: Error | null, connection: Connection) => void): void;
  query(sql: string, done: Done): void;
  releaseConnection(connection: Connection): void;
  promise(): PromisePool;
  end(done?: Done): void;
}
interface PromiseConnection {
  query(sql: string): Promise<unknown>;
  release(): void;
  destroy(): void;
}
interface PromisePool {
  getConnection(): Promise<PromiseConnection>;
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}
interface ServerConnection {
  sequenceId: number;
  serverHandshake(options: object): void;
  on(event: string, listener: (sql: string) => void): void;
  writeOk(result: object): void;
  writeError(error: object): void;
}
interface Server {
  readonly _server: { address(): { port: number }; once: unknown };
  listen(port: number, host: string): void;
  close(): void;
}
interface Library {
  createPool(options: object): Pool;
  createServer(accept: (connection: ServerConnection) => void): Server;
  readonly Pool: { readonly prototype: object };
}
interface Promises {
  createPool(options: object): PromisePool;
}
interface Both {
  readonly library: Library;
  readonly promises: Promises;
}

function fresh(): Both {
  let both: Both | undefined;
  jest.isolateModules(() => {
    both = { library: require(LIBRARY) as Library, promises: require(`${LIBRARY}/promise`) as Promises };
  });
  return both as Both;
}

const watching: Watching[] = [];

function begin(): Watching {
  const begun = startWatching();
  watching.push(begun);
  return begun;
}

function watched({ library, promises }: Both, { watched: watch } = begin()): Both {
  return { library: watch(mysql2, library), promises: watch(mysql2, promises) };
}

type Get = Pool['getConnection'];

/** As a tool that measures would: the same method, with something around it. */
function measured(both: Both): Both {
  const prototype = Object.getPrototypeOf(both.library.Pool.prototype) as { getConnection: Get };
  const { getConnection } = prototype;
  prototype.getConnection = function (this: Pool, done): void {
    getConnection.call(this, done);
  };
  return both;
}

let server: Server;
let port: number;

beforeAll(async () => {
  server = fresh().library.createServer((connection) => {
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.0',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 33,
      capabilityFlags: 0xffffff ^ 0x800,
      authCallback: (_: unknown, done: () => void) => {
        done();
        connection.sequenceId = 0;
      },
    });
    connection.on('query', (sql) => {
      connection.sequenceId = 1;
      if (sql === 'WRONG') {
        connection.writeError({ code: 1064, message: 'wrong' });
      } else {
        connection.writeOk({ affectedRows: 1 });
      }
      connection.sequenceId = 0;
    });
    connection.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server._server as never, 'listening');
  ({ port } = server._server.address());
});

afterAll(() => server.close());

afterEach(() => {
  for (const one of watching.splice(0)) {
    one.stop();
  }
});

const forms: readonly [string, () => Both][] = [
  ['alone', fresh],
  ['watched', () => watched(fresh())],
  ['watched after another tool', () => watched(measured(fresh()))],
  ['watched before another tool', () => measured(watched(fresh()))],
  ['watched by two checkers', () => watched(watched(fresh()))],
];

const options = (more: object = {}): object => ({ host: '127.0.0.1', port, user: 'any', connectionLimit: 1, ...more });

const take = (pool: Pool): Promise<Connection> =>
  new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
const ended = (pool: Pool): Promise<unknown> => new Promise((resolve) => pool.end(resolve));

describe.each(forms)('a pool that is %s', (_, form) => {
  let both: Both;

  beforeEach(() => {
    both = form();
  });

  it('gives a connection to one after the other, by callbacks', async () => {
    const pool = both.library.createPool(options());
    const order: string[] = [];
    const use = async (name: string): Promise<void> => {
      const connection = await take(pool);
      order.push(name);
      await new Promise((resolve) => connection.query('A', resolve));
      connection.release();
    };
    await Promise.all([use('a'), use('b'), use('c')]);
    expect(order).toEqual(['a', 'b', 'c']);
    await ended(pool);
  });

  it('gives a connection to one after the other, by promises', async () => {
    const pool = both.promises.createPool(options());
    const order: string[] = [];
    const use = async (name: string): Promise<void> => {
      const connection = await pool.getConnection();
      order.push(name);
      await connection.query('A');
      connection.release();
    };
    await Promise.all([use('a'), pool.query('B'), use('c')]);
    expect(order).toEqual(['a', 'c']);
    await pool.end();
  });

  it('hands on the errors of the server and its own', async () => {
    const pool = both.promises.createPool(options({ queueLimit: 1 }));
    await expect(pool.query('WRONG')).rejects.toMatchObject({ errno: 1064 });
    const connection = await pool.getConnection();
    const waiting = pool.query('A');
    await expect(pool.getConnection()).rejects.toThrow('Queue limit reached.');
    connection.release();
    await expect(waiting).resolves.toHaveLength(2);
    await pool.end();
    await expect(pool.getConnection()).rejects.toThrow('Pool is closed.');
  });

  it('refuses to wait where it is told to', async () => {
    const pool = both.library.createPool(options({ waitForConnections: false }));
    const connection = await take(pool);
    await expect(take(pool)).rejects.toThrow('No connections available.');
    connection.release();
    await ended(pool);
  });

  it('passes over a second release, and replaces what was destroyed', async () => {
    const pool = both.promises.createPool(options());
    const connection = await pool.getConnection();
    connection.release();
    connection.release();
    const other = await pool.getConnection();
    other.destroy();
    other.release();
    await expect(pool.query('A')).resolves.toHaveLength(2);
    await pool.end();
  });

  it('calls back in the same contexts as alone', async () => {
    const plain = fresh().library;
    const storage = new AsyncLocalStorage<string>();
    const contexts = async ({ createPool }: Library): Promise<unknown[]> => {
      const pool = createPool(options());
      const seen: unknown[] = [];
      const see = (name: string, sql: string): Promise<void> =>
        storage.run(name, () => {
          return new Promise<void>((resolve) => {
            pool.query(sql, () => {
              seen.push(storage.getStore());
              resolve();
            });
          });
        });
      await see('one', 'A');
      await see('two', 'B');
      await see('three', 'WRONG');
      await ended(pool);
      return seen;
    };
    expect(await contexts(both.library)).toEqual(await contexts(plain));
  });
});

it('the methods look like those of the library', async () => {
  const shape = async ({ library }: Both): Promise<unknown> => {
    const pool = library.createPool(options());
    const connection = await take(pool);
    connection.release();
    await ended(pool);
    return [pool, connection].flatMap((object) => {
      const found: unknown[] = [];
      for (let at = Object.getPrototypeOf(object) as object; at !== null; at = Object.getPrototypeOf(at) as object) {
        for (const [name, { value, get: _get, set: _set, ...rest }] of Object.entries(
          Object.getOwnPropertyDescriptors(at),
        )) {
          const { name: called, length } = (value ?? {}) as { name?: string; length?: number };
          found.push(name === 'constructor' ? [name, rest] : [name, rest, called, length]);
        }
      }
      return found;
    });
  };
  expect(await shape(watched(fresh()))).toEqual(await shape(fresh()));
});

it('a connection that is held while another one is asked for is a finding, by promises', async () => {
  const begun = begin();
  const pool = watched(fresh(), begun).promises.createPool(options({ connectionLimit: 2 }));
  const connection = await pool.getConnection();
  await pool.query('A');
  connection.release();
  await pool.end();
  expect(begun.lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
});

it('a connection that is held while another one is asked for is a finding, by callbacks', async () => {
  const begun = begin();
  const pool = watched(fresh(), begun).library.createPool(options({ connectionLimit: 2 }));
  await new Promise<void>((resolve) => {
    pool.getConnection((_, connection) => {
      connection.query('A', () => {
        pool.query('B', () => {
          connection.release();
          resolve();
        });
      });
    });
  });
  await ended(pool);
  expect(begun.lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
});

it('one statement in the callback of another one is none, nor is one after another', async () => {
  const begun = begin();
  const pool = watched(fresh(), begun).library.createPool(options());
  await new Promise<void>((resolve) =>
    pool.query('WRONG', () => pool.query('A', () => pool.query('B', () => resolve()))),
  );
  await ended(pool);
  expect(begun.lockdep.violations).toEqual([]);
  expect(begun.watcher.lockOf(pool)).toBeDefined();
});

it('a free connection that is put among the free ones is a finding', async () => {
  const begun = begin();
  const pool = watched(fresh(), begun).library.createPool(options());
  const connection = await take(pool);
  connection.release();
  expect(begun.lockdep.violations).toEqual([]);
  pool.releaseConnection(connection);
  await ended(pool);
  expect(begun.lockdep.violations.map(({ rule }) => rule)).toEqual(['bad-release']);
});

it('a pool without a limit is no lock', async () => {
  const begun = begin();
  const pool = watched(fresh(), begun).promises.createPool(options({ connectionLimit: 0 }));
  const connection = await pool.getConnection();
  await pool.query('A');
  connection.release();
  await pool.end();
  expect(begun.lockdep.violations).toEqual([]);
});

describe('a pool that was made before', () => {
  it.each<[string, (both: Both) => Pool | PromisePool]>([
    ['of callbacks', ({ library }) => library.createPool(options({ connectionLimit: 2 }))],
    ['of promises', ({ promises }) => promises.createPool(options({ connectionLimit: 2 }))],
  ])('%s is watched from then on', async (_, make) => {
    const { lockdep, watcher } = begin();
    const made = make(fresh());
    expect(mysql2.adopt?.(made, watcher)).toBe(made);
    const pool = 'promise' in made ? made.promise() : made;
    const connection = await pool.getConnection();
    await pool.query('A');
    connection.release();
    await pool.end();
    expect(watcher.lockOf(made)?.capacity).toBe(2);
    expect(lockdep.violations.map(({ rule }) => rule)).toEqual(['pool-nesting']);
  });

  const hostile = {
    get pool(): never {
      throw new Error('asked');
    },
    get config(): never {
      throw new Error('asked');
    },
  };

  it.each<[string, object]>([
    ['an empty object', {}],
    ['a function', () => {}],
    ['something that has some of the properties', { config: { connectionLimit: 1 } }],
    ['something that must not be asked', hostile],
  ])('%s is none', (_, object) => {
    expect(mysql2.adopt?.(object, begin().watcher)).toBeUndefined();
  });
});

it('exports without createPool cannot be watched', () => {
  expect(() => mysql2.watch({}, begin().watcher)).toThrow('mysql2 has no createPool');
});
