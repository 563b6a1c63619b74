// The pools of a cluster, taken in both orders, by callbacks that were turned into promises.
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
