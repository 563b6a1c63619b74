// Two transactions, two clients, and each of them asks for one more: nothing goes on.
import { Pool } from 'pg';
import { FakeClient } from './pg-fake.mjs';

const pool = new Pool({ Client: FakeClient, max: 2 });

async function transaction(name) {
  const client = await pool.connect();
  await client.query('begin');
  console.log(name);
  await pool.query('select from helper');
  client.release();
}

await Promise.all([transaction('first'), transaction('second')]);
console.log('never');
