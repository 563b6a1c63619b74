// A transaction that is begun by `await db.transaction()`, and a raw query of the root handle before its end.
import knex from 'knex';
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

const db = knex({
  client: 'mysql2',
  connection: { host: '127.0.0.1', port, user: 'any' },
  pool: { min: 0, max: 4 },
});

async function close(id) {
  const trx = await db.transaction();
  try {
    await trx('orders').where({ id }).update({ closed: 1 });
    await db.raw('UPDATE totals SET orders = orders + 1');
    await trx.commit();
  } catch (error) {
    await trx.rollback(error);
  }
}

await close(1);
console.log('closed');
await db.destroy();
server.close();
