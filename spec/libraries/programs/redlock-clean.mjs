// Everything that redlock offers, used well: several resources at once, contention, extension, a try, an error inside of `using`,
// a wrong call, callbacks. Both versions.
import { Redis } from 'ioredis';
import Redlock from 'redlock';

const redis = new Redis(process.env.LOCKDEP_SPEC_REDIS);
const id = process.pid;
const quick = { retryCount: 20, retryDelay: 10, retryJitter: 5 };
const redlock = new Redlock([redis], quick);
const isCurrent = typeof redlock.using === 'function';
const release = (lock) => (isCurrent ? lock.release() : lock.unlock());
const orders = `orders:${id}`;
const stock = `stock:${id}`;

async function book(name) {
  const lock = await redlock.acquire([orders, stock], 2_000);
  try {
    return name;
  } finally {
    await release(lock);
  }
}

console.log(await Promise.all([book('first'), book('second'), book('third')]));

const lock = await redlock.acquire([stock, orders], 1_000);
const longer = await lock.extend(2_000);
console.log('extended', longer === lock, (longer.resources ?? longer.resource).length);
await release(longer);

if (isCurrent) {
  // Whoever does not wait may try what it holds.
  const held = await redlock.acquire([orders], 1_000);
  await redlock.acquire([orders], 1_000, { retryCount: 0 }).catch((error) => console.log(error.name));
  await held.release();
  const value = await redlock.using([orders], 1_000, { automaticExtensionThreshold: 100 }, async (signal) => {
    const inner = await redlock.using([stock], 1_000, async () => 'inner');
    return [inner, signal.aborted];
  });
  console.log(value);
  await redlock
    .using([orders], 1_000, () => {
      throw new Error('inside');
    })
    .catch((error) => console.log(error.message));
  await redlock.acquire([orders], 0.5).catch((error) => console.log(error.message));
} else {
  await new Promise((resolve) => {
    redlock.lock(orders, 1_000, (error, held) => {
      console.log('callback', error, held.resource.length);
      held.unlock((failed) => resolve(console.log('unlocked', failed ?? null)));
    });
  });
  await redlock.lock([orders], 1_000).then((held) => held.unlock());
}
redis.disconnect();
