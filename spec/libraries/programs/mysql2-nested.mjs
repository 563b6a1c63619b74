// A connection is held while the same pool is asked for another one, for one statement: pool.query() where connection.query()
// was meant. With five connections nothing hangs until five do this at once.
import { createPool } from 'mysql2/promise';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();
const pool = createPool({ host: '127.0.0.1', port, user: 'any', connectionLimit: 5 });

async function rename() {
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    await pool.query('UPDATE users SET name = 1');
    await connection.query('COMMIT');
  } finally {
    connection.release();
  }
}

await rename();
console.log('renamed');
await pool.end();
server.close();
