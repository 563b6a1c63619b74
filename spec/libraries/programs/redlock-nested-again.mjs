// A flow holds one resource and asks for it again together with another one, in whatever order: it waits for itself until the
// retries are used up, and the error names neither the holder nor the cause.
import { Redis } from 'ioredis';
import Redlock from 'redlock';

const redis = new Redis(process.env.LOCKDEP_SPEC_REDIS);
const redlock = new Redlock([redis], { retryCount: 2, retryDelay: 5, retryJitter: 1 });
const unlock = (lock) => (lock.release ? lock.release() : lock.unlock());
const [a, b] = [`account:${process.pid}`, `branch:${process.pid}`];

async function transfer() {
  const held = await redlock.acquire([b], 5_000);
  try {
    const both = await redlock.acquire([b, a], 5_000);
    await unlock(both);
  } catch (error) {
    console.log(error.name);
  } finally {
    await unlock(held);
  }
}

await transfer();
redis.disconnect();
