// An early return leaves a client checked out.
import pg from 'pg';
import { FakeClient } from './pg-fake.mjs';

const pool = new pg.Pool({ Client: FakeClient, max: 3 });

async function find(id) {
  const client = await pool.connect();
  const { rows } = await client.query(`select ${id}`);
  if (rows.length > 0) {
    return rows[0].text;
  }
  client.release();
  return null;
}

console.log(await find(1));
