// A pool used as it should be, with contention, errors, time-outs, callbacks and an end: nothing is to be found.
import pg from 'pg';
import { FakeClient } from './pg-fake.mjs';

const pool = new pg.Pool({ Client: FakeClient, max: 2 });
pool.on('acquire', () => {});

async function work(name) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`insert ${name}`);
    await client.query('commit');
    return name;
  } finally {
    client.release();
  }
}
console.log((await Promise.all(['a', 'b', 'c', 'd'].map(work))).join());

const { rows } = await pool.query('select 1', []);
console.log(rows[0].text);
await pool.query('broken').catch((error) => console.log(error.message));
console.log(await new Promise((resolve) => pool.query('select 2', (_error, result) => resolve(result.rows[0].text))));

// One after the other is no nesting, in callbacks neither.
await new Promise((resolve, reject) => {
  pool.connect((error, client, release) => {
    if (error) return reject(error);
    client.query('select 3', () => {
      release();
      pool.connect((_, second, done) => {
        done();
        resolve(second);
      });
    });
  });
});

const once = await pool.connect();
once.release();
try {
  once.release();
} catch (error) {
  console.log(error.message);
}

// Another flow gives up, which holds nothing. The timer of the pool keeps no process alive.
const alive = setInterval(() => {}, 1000);
const small = new pg.Pool({ Client: FakeClient, max: 1, connectionTimeoutMillis: 20 });
let over;
const isOver = new Promise((resolve) => {
  over = resolve;
});
async function holder() {
  const client = await small.connect();
  await isOver;
  client.release(true);
}
async function other() {
  await small.connect().catch((error) => console.log(error.message));
  over();
}
await Promise.all([holder(), other()]);
await small.end();
clearInterval(alive);

const refused = new pg.Pool({ Client: FakeClient, max: 1, broken: true });
await refused.connect().catch((error) => console.log(error.message));
await pool.end();
await pool.connect().catch((error) => console.log(error.message));
