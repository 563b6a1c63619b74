// The only connection is held by the one who asks for another: it waits for itself until the pool gives up.
const { Pool } = require('tarn');

const connections = new Pool({ create: async () => ({}), destroy() {}, min: 0, max: 1, acquireTimeoutMillis: 100 });

async function migrate() {
  const connection = await connections.acquire().promise;
  try {
    await connections.acquire().promise;
  } finally {
    connections.release(connection);
  }
}

void migrate()
  .catch((error) => console.log(error.constructor.name))
  .then(() => connections.destroy());
