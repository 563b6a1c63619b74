// A connection is held while the same pool is asked for another one, for one statement: pool.query() where connection.query()
// was meant. With five connections nothing hangs until five do this at once.
import mysql from 'mysql2';
import { createPool } from 'mysql2/promise';

const server = mysql.createServer((connection) => {
  connection.serverHandshake({
    protocolVersion: 10,
    serverVersion: '8.0.0',
    connectionId: 1,
    statusFlags: 2,
    characterSet: 33,
    capabilityFlags: 0xffffff ^ 0x800,
    authCallback: (_, done) => {
      done();
      connection.sequenceId = 0;
    },
  });
  connection.on('query', (sql) => {
    connection.sequenceId = 1;
    if (sql === 'WRONG') {
      connection.writeError({ code: 1064, message: 'wrong' });
    } else {
      connection.writeOk({ affectedRows: 1 });
    }
    connection.sequenceId = 0;
  });
  connection.on('error', () => {});
});
server.listen(0, '127.0.0.1');
await new Promise((resolve) => server._server.once('listening', resolve));
const { port } = server._server.address();
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
