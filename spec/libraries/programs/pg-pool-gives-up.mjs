// The nesting is masked by a time-out: the inner wait ends, the transaction fails, and only under load.
import pg from 'pg';
import { FakeClient } from './pg-fake.mjs';

const pool = new pg.Pool({ Client: FakeClient, max: 2, connectionTimeoutMillis: 30 });

// The timer of the pool keeps no process alive.
const alive = setInterval(() => {}, 1000);

async function transaction() {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await pool.query('select 1');
    return 'committed';
  } catch (error) {
    return error.message;
  } finally {
    client.release();
  }
}

console.log((await Promise.all([transaction(), transaction()])).sort().join(' / '));
await pool.end();
clearInterval(alive);
