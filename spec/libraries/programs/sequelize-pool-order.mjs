// The pool for reading and the one for writing are taken in both orders.
import { Pool } from 'sequelize-pool';

const factory = {
  create: async () => ({}),
  destroy: async () => {},
  validate: () => true,
  min: 0,
  max: 1,
  idleTimeoutMillis: 10,
  reapIntervalMillis: 10,
};
const read = new Pool(factory);
const write = new Pool(factory);

async function copy() {
  const from = await read.acquire();
  const to = await write.acquire();
  console.log('copied');
  write.release(to);
  read.release(from);
}

async function check() {
  const to = await write.acquire();
  const from = await read.acquire();
  console.log('checked');
  read.release(from);
  write.release(to);
}

await copy();
await check();
