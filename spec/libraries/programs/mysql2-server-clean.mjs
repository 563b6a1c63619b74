// With a real server: pools of promises and callbacks, transactions, errors and lost connections, as they are meant to be used.
import { createPool } from 'mysql2';
import mysql from 'mysql2/promise';

const uri = process.env.LOCKDEP_SPEC_MYSQL;
const pool = mysql.createPool({ uri, connectionLimit: 2, waitForConnections: true });

async function add(amount) {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const [[{ sum }]] = await connection.query('SELECT ? + 1 AS sum', [amount]);
    await connection.commit();
    return sum;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}

console.log((await Promise.all([1, 2, 3, 4, 5].map(add))).join());
console.log((await pool.execute('SELECT ? AS one', [1]))[0][0].one);
console.log(await pool.query('WRONG').catch((error) => error.code));
const lost = await pool.getConnection();
lost.destroy();
console.log((await Promise.all([add(6), add(7), pool.query('SELECT 1')])).length);
await pool.end();

const callbacks = createPool({ uri, connectionLimit: 1 });
await new Promise((resolve) => {
  callbacks.query('SELECT 1 AS one', (error, rows) => {
    console.log(error, rows[0].one);
    callbacks.getConnection((_, connection) => {
      connection.query('WRONG', ({ code }) => {
        console.log(code);
        connection.release();
        resolve();
      });
    });
  });
});
await new Promise((resolve) => callbacks.end(resolve));
