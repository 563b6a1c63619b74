// All that a pool is used for, and nothing wrong: queries side by side, transactions, savepoints, failures, streams, and the
// transaction that is handed down as it should be.
import knex from 'knex';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();

const db = knex({
  client: 'mysql2',
  connection: { host: '127.0.0.1', port, user: 'any' },
  pool: { min: 1, max: 2, acquireTimeoutMillis: 2000 },
  log: { warn() {} },
});

async function save(trx, id) {
  await trx('items').insert({ id });
  await trx.raw('SELECT 1');
  return id;
}

// One after the other, and more at once than there are connections.
for (let round = 0; round < 3; round++) {
  await db('items').update({ round });
}
await Promise.all([1, 2, 3, 4, 5].map((id) => db('items').insert({ id })));
console.log(await Promise.all([1, 2, 3, 4].map((id) => db.transaction((trx) => save(trx, id)))));

// Inside each other, by savepoints, with the transaction's own handle.
console.log(await db.transaction((trx) => trx.transaction((inner) => save(inner, 5))));
console.log(await db.transaction(async (trx) => db('items').transacting(trx).insert({ id: 6 })).then(() => 'inserted'));

// What fails is rolled back, and the connection is free again.
console.log(await db.raw('WRONG').catch((error) => error.code ?? error.name));
console.log(await db.transaction((trx) => trx.raw('WRONG')).catch((error) => error.errno));
console.log(
  await db
    .transaction(async () => {
      throw new Error('no');
    })
    .catch((error) => error.message),
);

// A handle of one's own, and one for whoever needs it.
const trx = await db.transaction();
await save(trx, 7);
await trx.commit();
await db('items').insert({ id: 8 });
const provide = db.transactionProvider();
await save(await provide(), 9);
await (await provide()).rollback();

// Callbacks, promises, events, streams, schema.
await new Promise((resolve) => db('items').update({ id: 1 }).asCallback(resolve));
await db('items')
  .update({ id: 2 })
  .then(() => db('items').update({ id: 3 }));
await db.schema.raw('SELECT 2');
const base = db('items').where({ id: 1 });
await base.clone().update({ id: 4 });
await db('items')
  .update({ id: 5 })
  .stream((stream) => stream.resume());

console.log('done');
await db.destroy();
server.close();
