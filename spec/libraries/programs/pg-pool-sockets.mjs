// Two transactions, two clients with a socket each, and each transaction asks for one more: nothing goes on, and the process lives.
import pg from 'pg';
import { database } from './pg-server.mjs';

const { options, close } = await database();
const pool = new pg.Pool({ ...options, max: 2 });
console.log('ready');

async function transaction(name) {
  const client = await pool.connect();
  await client.query('begin');
  console.log(name);
  await pool.query('select 1');
  client.release();
}

// Somebody has enough of it in the end.
setTimeout(() => {
  console.log('over');
  close();
  process.exit();
}, 3_000);
await Promise.all([transaction('begun'), transaction('begun')]);
console.log('never');
