// The same by callbacks, which the library calls in the context of whoever made the connection first.
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
const sessions = mysql.createPool({ host: '127.0.0.1', port, user: 'any', connectionLimit: 3 });

// Makes the connections, and holds nothing afterwards.
function warmUp(done) {
  let left = 2;
  for (const _ of [1, 2]) {
    sessions.query('SELECT 1', () => --left === 0 && done());
  }
}

function touch(id, done) {
  sessions.getConnection((_, connection) => {
    connection.query('UPDATE sessions', () => {
      connection.release();
      done(id);
    });
  });
}

function login(done) {
  sessions.getConnection((_, connection) => {
    connection.query('SELECT id FROM sessions', () => {
      touch(1, (id) => {
        connection.release();
        done(id);
      });
    });
  });
}

warmUp(() => {
  login((id) => {
    console.log('logged in', id);
    sessions.end(() => server.close());
  });
});
