// The pools of a cluster, taken in both orders.
import { createPoolCluster } from 'mysql2/promise';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();
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
