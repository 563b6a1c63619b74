// A connection is not given back where the statement is wrong.
import net from 'node:net';
import mysql from 'mysql2';
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

const pool = mysql.createPool({ stream, user: 'any' }).promise();

async function insert(sql) {
  const connection = await pool.getConnection();
  await connection.query(sql);
  connection.release();
}

await insert('INSERT');
await insert('WRONG').catch((error) => console.log(error.message));
unref();
