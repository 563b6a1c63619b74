// A migration that fails keeps its lock, and the client goes back to the pool with it.
import pg from 'pg';
import { database } from './pg-server.mjs';

const { options, close } = await database();
const pool = new pg.Pool({ ...options, allowExitOnIdle: true, idleTimeoutMillis: 0 });

async function migrate() {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('migrations'))");
    throw new Error('migration failed');
  } catch (error) {
    console.log(error.message);
  } finally {
    client.release();
  }
}

await migrate();
close();
