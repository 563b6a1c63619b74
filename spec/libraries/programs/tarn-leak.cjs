// A connection is not given back where the query fails.
const { Pool } = require('tarn');

const connections = new Pool({
  create: async () => ({}),
  destroy() {},
  min: 0,
  max: 2,
  idleTimeoutMillis: 10,
  reapIntervalMillis: 10,
});

async function query(isWrong) {
  const connection = await connections.acquire().promise;
  if (isWrong) {
    throw new Error('syntax error');
  }
  connections.release(connection);
}

async function main() {
  await query(false);
  await query(true).catch((error) => console.log(error.message));
  // The pool looks after what is held as long as it is there.
  process.exit();
}

void main();
