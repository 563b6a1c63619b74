/**
 * The servers that scripts/test-servers.mjs has started, asked by the libraries that the specs watch.
 */
import { createRequire } from 'node:module';
import path from 'node:path';

const load = createRequire(path.join(__dirname, '../libraries/package.json'));

interface Sql {
  query(text: string): Promise<unknown>;
  end(): Promise<void>;
}

const urlOf = (name: string): string => {
  const url = process.env[name];
  if (url === undefined) throw new Error(`${name} is not set: run npm run test:servers`);
  return url;
};

it('PostgreSQL answers, with room for many clients, and does not wait for the disk', async () => {
  const { Client } = load('pg') as { Client: new (url: string) => Sql & { connect(): Promise<void> } };
  const client = new Client(urlOf('LOCKDEP_SPEC_POSTGRES'));
  await client.connect();
  const setting = async (name: string): Promise<unknown> => {
    const { rows } = (await client.query(`SELECT current_setting('${name}') AS value`)) as {
      rows: { value: unknown }[];
    };
    return rows[0]?.value;
  };
  expect([await setting('max_connections'), await setting('fsync')]).toEqual(['200', 'off']);
  await client.query('CREATE TABLE answers (n int)');
  await client.query('DROP TABLE answers');
  await client.end();
});

it('Redis answers, and runs scripts', async () => {
  const { default: Redis } = load('ioredis') as {
    default: new (url: string) => { eval(script: string, keys: number): Promise<unknown>; quit(): Promise<unknown> };
  };
  const client = new Redis(urlOf('LOCKDEP_SPEC_REDIS'));
  expect(await client.eval('return 6 * 7', 0)).toBe(42);
  await client.quit();
});

it('MariaDB answers, and its user may change its database', async () => {
  const { createConnection } = load('mysql2/promise') as { createConnection(url: string): Promise<Sql> };
  const client = await createConnection(urlOf('LOCKDEP_SPEC_MYSQL'));
  const [rows] = (await client.query('SELECT database() AS name')) as [{ name: string }[]];
  expect(rows[0]?.name).toBe('lockdep');
  await client.query('CREATE TABLE answers (n int) ENGINE=InnoDB');
  await client.query('DROP TABLE answers');
  await client.end();
});
