// knex#1703, #1040, #1909: inside a transaction the root handle is used where `trx` was meant. The pool has 10 connections, so that
// it works until ten transactions do this at once; with POOL_MAX=1 it waits for itself, until the pool gives up.
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

const max = Number(process.env.POOL_MAX ?? 10);
const db = knex({
  client: 'mysql2',
  connection: { host: '127.0.0.1', port, user: 'any' },
  pool: { min: 0, max, acquireTimeoutMillis: 300 },
  log: { warn() {} },
});

async function debit(trx) {
  await trx('accounts').where({ id: 1 }).update({ balance: 1 });
}

async function note() {
  await db('notes').insert({ text: 'transferred' });
}

async function transfer() {
  await db.transaction(async (trx) => {
    await debit(trx);
    await note();
  });
}

try {
  await transfer();
  console.log('transferred');
} catch (error) {
  console.log(error.name);
}
await db.destroy();
server.close();
