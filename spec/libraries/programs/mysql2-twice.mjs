// pool.releaseConnection() of a connection that was given back: the pool now has it twice, for two owners at once.
import mysql from 'mysql2';

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
const pool = mysql.createPool({ host: '127.0.0.1', port, user: 'any', connectionLimit: 2 });

pool.getConnection((_, connection) => {
  connection.release();
  pool.releaseConnection(connection);
  pool.query('SELECT 1', () => {
    console.log('done');
    pool.end(() => server.close());
  });
});
