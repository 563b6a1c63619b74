// knex#1703, #1040, #1909: inside a transaction the root handle is used where `trx` was meant. The pool has 10 connections, so that
// it works until ten transactions do this at once; with POOL_MAX=1 it waits for itself, until the pool gives up.
import knex from 'knex';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();

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
