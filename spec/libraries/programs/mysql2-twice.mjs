// pool.releaseConnection() of a connection that was given back: the pool now has it twice, for two owners at once.
import mysql from 'mysql2';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();
const pool = mysql.createPool({ host: '127.0.0.1', port, user: 'any', connectionLimit: 2 });

pool.getConnection((_, connection) => {
  connection.release();
  pool.releaseConnection(connection);
  pool.query('SELECT 1', () => {
    console.log('done');
    pool.end(() => server.close());
  });
});
