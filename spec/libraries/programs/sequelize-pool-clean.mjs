// All that a pool is used for, and nothing wrong: contention, time-outs, validation, worn out connections, failures, draining.
import { Pool } from 'sequelize-pool';

let made = 0;
let failures = 0;
const pool = new Pool({
  name: 'clean',
  create: async () => {
    if (failures-- > 0) {
      throw new Error('cannot be made');
    }
    return { id: ++made };
  },
  destroy: async () => {},
  validate: (resource) => resource.isSpoilt !== true,
  min: 1,
  max: 2,
  maxUses: 4,
  acquireTimeoutMillis: 50,
  idleTimeoutMillis: 10,
  reapIntervalMillis: 10,
});

const order = [];
async function use(at) {
  const resource = await pool.acquire();
  order.push(at);
  await new Promise((resolve) => setImmediate(resolve));
  pool.release(resource);
}

// Somebody who has a connection until he is told to give it back.
function keep() {
  const kept = {};
  kept.until = new Promise((resolve) => {
    kept.free = resolve;
  });
  kept.over = (async () => {
    const resource = await pool.acquire();
    kept.resource = resource;
    await kept.until;
    return pool.release(resource);
  })();
  return kept;
}

for (let round = 0; round < 3; round++) {
  await use(round);
}
await Promise.all([3, 4, 5, 6].map(use));
console.log(order.join(), made);

// A wait that times out, by somebody who holds nothing, and one that does not.
const keepers = [keep(), keep()];
await new Promise((resolve) => setTimeout(resolve, 10));
console.log(pool.using, await pool.acquire().catch((error) => error.constructor.name));
const late = use(7);

// Spoilt while held, unknown.
keepers[0].resource.isSpoilt = true;
for (const { free } of keepers) {
  free();
}
await Promise.all(keepers.map(({ over }) => over));
await late;
pool.release({});

// Destroyed while held.
await pool.destroy(await pool.acquire());

// Handed to somebody else, who gives it back.
const handed = await pool.acquire();
setTimeout(() => pool.release(handed), 5);
await use(8);

// A connection that cannot be made is the end of the wait.
await new Promise((resolve) => setTimeout(resolve, 60));
await pool.destroyAllNow();
const keeper = keep();
await new Promise((resolve) => setTimeout(resolve, 10));
failures = 1;
console.log(await pool.acquire().catch((error) => error.message));
keeper.free();
await keeper.over;

await pool.drain();
await pool.destroyAllNow();
console.log(pool.size >= 0, await pool.acquire().catch((error) => error.message));
