// A transaction that is begun by `await db.transaction()`, and a raw query of the root handle before its end.
import knex from 'knex';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();

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
