// The only connection is held by the one who asks for another: nothing says when to give up.
import net from 'node:net';
import mysql from 'mysql2/promise';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();
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
