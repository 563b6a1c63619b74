// With a real server: two transactions hold all connections, and each asks for one more. The sockets keep the process alive.
import mysql from 'mysql2/promise';

const pool = mysql.createPool({ uri: process.env.LOCKDEP_SPEC_MYSQL, connectionLimit: 2 });
console.log('ready');

async function transfer() {
  const connection = await pool.getConnection();
  await connection.beginTransaction();
  console.log('begun');
  await pool.query('SELECT 1');
  await connection.commit();
  connection.release();
}

// Somebody has enough of it in the end.
setTimeout(() => {
  console.log('over');
  process.exit();
}, 3_000);
await Promise.all([transfer(), transfer()]);
console.log('never');
