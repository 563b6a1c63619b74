// The pools of a cluster, taken in both orders, by callbacks that were turned into promises.
import mysql from 'mysql2';
import { startServer } from './mysql2-server.mjs';

const { server, port } = await startServer();
const cluster = mysql.createPoolCluster();
const options = { host: '127.0.0.1', port, user: 'any', connectionLimit: 1 };
cluster.add('main', options);
cluster.add('copy', options);

function take(name) {
  return new Promise((resolve, reject) => {
    cluster.getConnection(name, (error, connection) => (error ? reject(error) : resolve(connection)));
  });
}

async function push() {
  const main = await take('main');
  const copy = await take('copy');
  console.log('pushed');
  copy.release();
  main.release();
}

async function pull() {
  const copy = await take('copy');
  const main = await take('main');
  console.log('pulled');
  main.release();
  copy.release();
}

await push();
await pull();
await new Promise((resolve) => cluster.end(resolve));
server.close();
