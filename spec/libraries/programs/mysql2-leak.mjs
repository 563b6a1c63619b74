// A connection is not given back where the statement is wrong.
import net from 'node:net';
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
// The open connections are not to keep the program.
const sockets = [];
server.on('connection', ({ stream }) => sockets.push(stream));
function stream() {
  const socket = net.connect(port, '127.0.0.1');
  sockets.push(socket);
  return socket;
}
function unref() {
  for (const one of [...sockets, server._server]) {
    one.unref();
  }
}

const pool = mysql.createPool({ stream, user: 'any' }).promise();

async function insert(sql) {
  const connection = await pool.getConnection();
  await connection.query(sql);
  connection.release();
}

await insert('INSERT');
await insert('WRONG').catch((error) => console.log(error.message));
unref();
