// All that a pool is used for, and nothing wrong: contention, priorities, time-outs, validation, eviction, foreign resources.
import { createPool } from 'generic-pool';

let made = 0;
let failures = 0;
const errors = [];
const factory = {
  create: async () => {
    if (failures-- > 0) {
      throw new Error('cannot be made');
    }
    return { id: ++made };
  },
  destroy: async () => {},
  validate: async (resource) => resource.isSpoilt !== true,
};
const pool = createPool(factory, { min: 1, max: 2, priorityRange: 3, testOnBorrow: true, acquireTimeoutMillis: 50 });
const other = createPool(factory, { max: 1, maxWaitingClients: 1, autostart: false });
pool.on('factoryCreateError', (error) => errors.push(error.message));

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

// Two after one another, and many at once.
for (let round = 0; round < 3; round++) {
  const resource = await pool.acquire();
  await pool.release(resource);
}
const order = [];
await Promise.all(
  [2, 1, 0, 2, 0].map(async (priority, at) => {
    const resource = await pool.acquire(priority);
    order.push(at);
    await new Promise((resolve) => setImmediate(resolve));
    await pool.release(resource);
  }),
);
console.log(order.join());

// use(), with a result, with an error, and one in the other pool.
console.log(await pool.use(async () => 'used'));
console.log(await pool.use(() => Promise.reject(new Error('failed'))).catch((error) => error.message));
console.log(await pool.use(() => other.use(async () => 'both')));

// Handed to somebody else, who gives it back.
const handed = await pool.acquire();
setTimeout(() => pool.release(handed), 5);

// A wait that times out, by somebody who holds nothing, and one that does not.
const keepers = [keep(), keep()];
await new Promise((resolve) => setTimeout(resolve, 10));
console.log(pool.borrowed, pool.isBorrowedResource(keepers[0].resource));
console.log(await pool.acquire().catch((error) => error.name));
const late = pool.use(async () => 'late');

// Spoilt while held, foreign, given back twice.
keepers[0].resource.isSpoilt = true;
for (const { free } of keepers) {
  free();
}
await Promise.all(keepers.map(({ over }) => over));
console.log(await late);
console.log(await pool.release({}).catch((error) => error.message));
console.log(await pool.release(keepers[0].resource).catch((error) => error.message));

// Destroyed while held.
await pool.destroy(await pool.acquire());

// Refused.
const last = await other.acquire();
const waiting = other.acquire();
console.log(await other.acquire().catch((error) => error.message));
await other.release(last);
await other.release(await waiting);

// What cannot be made is tried again.
failures = 1;
await pool.clear();
console.log(await Promise.all([pool.use(async () => 1), pool.use(async () => 2)]));
console.log(errors.join());

await pool.drain();
await pool.clear();
console.log(await pool.acquire().catch((error) => error.message));
await other.drain();
