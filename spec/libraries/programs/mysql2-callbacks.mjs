// The same by callbacks, which the library calls in the context of whoever made the connection first.
import mysql from 'mysql2';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();
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
