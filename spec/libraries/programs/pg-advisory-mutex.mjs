// A mutex of the process and a lock of the database, in both orders.
import { Mutex } from 'async-mutex';
import pg from 'pg';
import { database } from './pg-server.mjs';

const { options, close } = await database();
const client = new pg.Client(options);
await client.connect();
const cache = new Mutex();

async function refresh() {
  await cache.runExclusive(async () => {
    await client.query('select pg_advisory_lock(1, 2)');
    await client.query('select pg_advisory_unlock(1, 2)');
  });
}

async function publish() {
  await client.query('select pg_advisory_lock(1, 2)');
  await cache.runExclusive(() => {});
  await client.query('select pg_advisory_unlock(1, 2)');
}

await refresh();
await publish();
console.log('done');
await client.end();
close();
