// The only connection is held by the one who asks for another: nothing says when to give up.
import net from 'node:net';
import { createServer } from 'mysql2';
import mysql from 'mysql2/promise';

const server = createServer((connection) => {
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

const db = mysql.createPool({ stream, user: 'any', connectionLimit: 1 });

async function outer() {
  const connection = await db.getConnection();
  await connection.query('START TRANSACTION');
  await inner();
  connection.release();
}

async function inner() {
  const connection = await db.getConnection();
  connection.release();
}

void outer().then(() => console.log('never'));
setTimeout(unref, 200);
