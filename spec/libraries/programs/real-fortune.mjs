// fortunejs/fortune-postgres#29, vendurehq/vendure#1639: a helper asks the pool for a client while the transaction that calls it has
// one. With two clients and two transactions at once nothing goes on; with one at a time it always works.
import { Pool } from 'pg';
import { FakeClient } from './pg-fake.mjs';

const pool = new Pool({ Client: FakeClient, max: 2 });

async function nextNumber() {
  const { rows } = await pool.query('select number');
  return rows[0].text;
}

async function order(name) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    console.log(name, await nextNumber());
    await client.query('commit');
  } finally {
    client.release();
  }
}

async function main() {
  await order('alone');
  await Promise.all([order('first'), order('second')]);
  console.log('never');
}

void main();
