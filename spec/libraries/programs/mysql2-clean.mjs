// All that a pool is used for, and nothing wrong: promises and callbacks, contention, limits, errors, connections that are
// lost while they are held, a second release, which the library passes over.
import mysql from 'mysql2';
import promises from 'mysql2/promise';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();
const options = { host: '127.0.0.1', port, user: 'any' };
const pool = promises.createPool({ ...options, connectionLimit: 2, queueLimit: 4, maxIdle: 1, idleTimeout: 10 });
const core = mysql.createPool({ ...options, connectionLimit: 2, resetOnRelease: false });
const hasty = mysql.createPool({ ...options, connectionLimit: 1, waitForConnections: false });
const unlimited = promises.createPool({ ...options, connectionLimit: 0 });

async function transaction(sql) {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    await connection.query(sql);
    await connection.commit();
    return 'committed';
  } catch (error) {
    await connection.rollback();
    return error.message;
  } finally {
    connection.release();
  }
}

// One after the other, many at once, too many at once.
for (let round = 0; round < 3; round++) {
  await pool.query('SELECT 1');
  await pool.query('WRONG').catch((error) => console.log(error.message));
}
console.log(await Promise.all(['A', 'B', 'WRONG', 'C', 'D'].map(transaction)));
console.log(
  (await Promise.allSettled(Array.from({ length: 8 }, () => pool.query('A')))).map(({ status }) => status).join(),
);
console.log(await pool.execute('SELECT ?', [1]).catch((error) => error.message));

// Callbacks: one statement in the callback of another one, with and without an error; streams; a connection in a callback.
await new Promise((resolve) => core.query('A', () => core.query('B', [], resolve)));
await new Promise((resolve) => core.query('WRONG', () => core.query({ sql: 'B' }, resolve)));
await new Promise((resolve) => core.query('A').on('end', resolve));
await new Promise((resolve) => {
  core.getConnection((_, connection) => {
    connection.ping(() => {
      connection.release();
      connection.release();
      core.getConnection((_error, other) => {
        other.release();
        resolve();
      });
    });
  });
});

// Lost while held, and given back all the same.
const lost = await pool.getConnection();
lost.destroy();
lost.release();
const ended = await new Promise((resolve) => core.getConnection((_, connection) => resolve(connection)));
ended.destroy();

// No waiting, no limit.
await new Promise((resolve) => {
  hasty.getConnection((_, connection) => {
    hasty.getConnection((refused) => {
      console.log(refused.message);
      connection.release();
      resolve();
    });
  });
});
const [one, two] = await Promise.all([unlimited.getConnection(), unlimited.getConnection()]);
one.release();
two.release();

// A cluster.
const cluster = promises.createPoolCluster();
cluster.add('one', { ...options, connectionLimit: 1 });
cluster.add('two', { ...options, connectionLimit: 1 });
await cluster.of('*').query('A');
const clustered = await cluster.getConnection('one');
clustered.release();

// Not given back when the pool ends.
const last = await pool.getConnection();
await pool.end();
last.release();
console.log(await pool.getConnection().catch((error) => error.message));
await Promise.all([core.promise().end(), hasty.promise().end(), unlimited.end(), cluster.end()]);
server.close();
