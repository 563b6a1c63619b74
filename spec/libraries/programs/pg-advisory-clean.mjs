// Advisory locks used as they are meant to be: nothing is to be found.
import pg from 'pg';
import { database } from './pg-server.mjs';

const { options, close } = await database();
const pool = new pg.Pool({ ...options, max: 4 });
const client = await pool.connect();

// A session may take what it has again, and has to give it back as often.
await client.query('select pg_advisory_lock(1)');
await client.query('SELECT PG_ADVISORY_LOCK(1)');
await client.query('select /* pg_advisory_unlock(9) */ pg_advisory_unlock(1) -- pg_advisory_lock(8)');
await client.query('select pg_advisory_unlock($1::bigint)', [1]);

// What is no call.
await client.query("select 'pg_advisory_unlock(1)'");

// Attempts that fail take nothing.
const attempt = async (one, key) =>
  (await one.query('select pg_try_advisory_lock($1) as locked', [key])).rows[0].locked;
const other = new pg.Client(options);
await other.connect();
console.log(await attempt(client, 3), await attempt(other, 3));
await client.query('select pg_advisory_unlock_all()');
console.log(await attempt(other, 3));
await other.query('select pg_advisory_unlock(3)');

// Readers together, each of them a flow and a session of its own.
async function read(one) {
  await one.query('select pg_advisory_lock_shared(4)');
  await one.query('select pg_advisory_unlock_shared(4)');
}
await Promise.all([read(client), read(other)]);

// With contention, to the end of a transaction.
let busy = 0;
async function transaction(name) {
  const own = await pool.connect();
  await own.query('begin; select pg_advisory_xact_lock(5)');
  busy += 1;
  if (busy > 1) console.log('together');
  await own.query(`select '${name}'`);
  busy -= 1;
  await own.query('commit');
  own.release();
}
client.release();
await Promise.all(['a', 'b', 'c'].map(transaction));

// One statement is a transaction of its own.
await pool.query('select pg_advisory_xact_lock(6)');
await pool.query('select pg_advisory_xact_lock(7)');
await pool.query('select pg_advisory_xact_lock(6)');

// With callbacks.
await new Promise((resolve, reject) => {
  other.query('select pg_advisory_lock(8)', (error) => {
    if (error) return reject(error);
    other.query('select pg_advisory_unlock(8)', () => resolve());
  });
});

// The end of the session gives back what it has.
await other.query('select pg_advisory_lock(10)');
await other.end();
const last = await pool.connect();
await last.query('select pg_advisory_lock(10)');
last.release(true);

console.log('done');
await pool.end();
close();
