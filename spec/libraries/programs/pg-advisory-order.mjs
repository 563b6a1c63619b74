// Admission locks the provider, then the thread; completion locks the thread, then the provider. One after the other nothing
// hangs, both at once do.
import pg from 'pg';
import { database } from './pg-server.mjs';

const { options, close } = await database();
const pool = new pg.Pool(options);

async function transaction(work) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const lockProvider = (client) => client.query('SELECT pg_advisory_xact_lock(7001)');
const lockThread = (client) => client.query("SELECT pg_advisory_xact_lock(hashtext('thread'))");

const admit = () =>
  transaction(async (client) => {
    await lockProvider(client);
    await lockThread(client);
  });

const complete = () =>
  transaction(async (client) => {
    await lockThread(client);
    await lockProvider(client);
  });

await admit();
await complete();
console.log('done');
await pool.end();
close();
