// A connection is held while the same pool is asked for another one. With three of them nothing hangs until three do this at
// once; with POOL_MAX=1 it waits for itself until the pool gives up.
import { Pool } from 'sequelize-pool';

let made = 0;
const connections = new Pool({
  create: async () => ({ id: ++made }),
  destroy: async () => {},
  validate: () => true,
  min: 0,
  max: Number(process.env.POOL_MAX ?? 3),
  acquireTimeoutMillis: 100,
  idleTimeoutMillis: 10,
  reapIntervalMillis: 10,
});

async function count() {
  const connection = await connections.acquire();
  console.log('counted');
  connections.release(connection);
}

async function save() {
  const connection = await connections.acquire();
  try {
    await count();
  } finally {
    connections.release(connection);
  }
}

await save().catch((error) => console.log(error.constructor.name));
