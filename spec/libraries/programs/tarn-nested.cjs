// A connection is held while the same pool is asked for another one: with two of them nothing hangs until two do this at once.
const { Pool } = require('tarn');

let made = 0;
const connections = new Pool({ create: async () => ({ id: ++made }), destroy() {}, min: 0, max: 2 });

async function audit(text) {
  const own = await connections.acquire().promise;
  console.log(text, own.id);
  connections.release(own);
}

async function book() {
  const connection = await connections.acquire().promise;
  try {
    await audit('booked');
  } finally {
    connections.release(connection);
  }
}

async function main() {
  await book();
  await connections.destroy();
}

void main();
