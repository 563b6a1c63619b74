// One of two ways out does not give the connection back.
import { Pool } from 'sequelize-pool';

const connections = new Pool({
  create: async () => ({}),
  destroy: async () => {},
  validate: () => true,
  min: 0,
  max: 2,
  idleTimeoutMillis: 10,
  reapIntervalMillis: 10,
});

async function find(id) {
  const connection = await connections.acquire();
  if (id === undefined) {
    return null;
  }
  connections.release(connection);
  return id;
}

console.log(await find(1), await find());
