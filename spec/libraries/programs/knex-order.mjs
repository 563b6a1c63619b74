// Two databases, whose transactions are nested in both orders.
import knex from 'knex';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();

const options = {
  client: 'mysql2',
  connection: { host: '127.0.0.1', port, user: 'any' },
  pool: { min: 0, max: 1 },
};
const shop = knex(options);
const stock = knex(options);

async function sell() {
  await shop.transaction(async (order) => {
    await stock.transaction(async (item) => {
      await item('items').update({ count: 1 });
    });
    await order('orders').insert({ id: 1 });
  });
}

async function restock() {
  await stock.transaction(async (item) => {
    await item('items').update({ count: 2 });
    await shop('orders').where({ waiting: 1 }).update({ waiting: 0 });
  });
}

await sell();
await restock();
console.log('restocked');
await Promise.all([shop.destroy(), stock.destroy()]);
server.close();
