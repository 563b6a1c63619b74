// A lock is released twice: the second release fails after all its retries, or takes away what somebody else holds by then.
import { Redis } from 'ioredis';
import Redlock from 'redlock';

const redis = new Redis(process.env.LOCKDEP_SPEC_REDIS);
const redlock = new Redlock([redis], { retryCount: 1, retryDelay: 5, retryJitter: 1 });
const unlock = (lock) => (lock.release ? lock.release() : lock.unlock());

async function work() {
  const lock = await redlock.acquire([`job:${process.pid}`], 5_000);
  await unlock(lock);
  await unlock(lock).catch((error) => console.log(error.name));
}

await work();
redis.disconnect();
