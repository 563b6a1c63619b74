// Two databases, whose transactions are nested in both orders.
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
