// Two sessions of one flow: it waits for itself, and the server knows of no deadlock, since it waits for one session only.
import pg from 'pg';
import { database } from './pg-server.mjs';

const { options, close } = await database();
const pool = new pg.Pool({ ...options, max: 3 });
console.log('ready');

async function inside() {
  await pool.query('select pg_advisory_lock(5)');
}

async function outer() {
  const client = await pool.connect();
  await client.query('select pg_advisory_lock(5)');
  console.log('locked');
  await inside();
  console.log('never');
}

// Somebody has enough of it in the end.
setTimeout(() => {
  console.log('over');
  close();
  process.exit();
}, 2000);
await outer();
