// The pools of a cluster, taken in both orders.
import mysql from 'mysql2';
import { createPoolCluster } from 'mysql2/promise';

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
const cluster = createPoolCluster();
const options = { host: '127.0.0.1', port, user: 'any', connectionLimit: 1 };
cluster.add('main', options);
cluster.add('copy', options);

async function push() {
  const main = await cluster.getConnection('main');
  const copy = await cluster.getConnection('copy');
  console.log('pushed');
  copy.release();
  main.release();
}

async function pull() {
  const copy = await cluster.getConnection('copy');
  const main = await cluster.getConnection('main');
  console.log('pulled');
  main.release();
  copy.release();
}

await push();
await pull();
await cluster.end();
server.close();
