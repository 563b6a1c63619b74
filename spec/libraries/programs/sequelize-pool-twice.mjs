// The connection is given back by the one who got it, and again by the one who cleans up: if somebody else has it by then,
// two use it.
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

async function query() {
  const connection = await connections.acquire();
  try {
    connections.release(connection);
  } finally {
    connections.release(connection);
  }
}

await query();
console.log(connections.available);
