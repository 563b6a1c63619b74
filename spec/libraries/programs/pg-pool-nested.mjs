// A helper asks the pool for a client of its own, in the middle of a transaction that holds one. With as many clients as here
// nothing hangs; with as many transactions as there are clients everything does.
import pg from 'pg';
import { FakeClient } from './pg-fake.mjs';

const pool = new pg.Pool({ Client: FakeClient, max: 5 });

async function audit(text) {
  await pool.query('insert into audit values ($1)', [text]);
}

async function order() {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await audit('ordered');
    await client.query('commit');
  } finally {
    client.release();
  }
}

await order();
console.log('done');
await pool.end();
