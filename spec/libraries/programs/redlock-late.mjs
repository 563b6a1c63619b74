// The work takes longer than the lease: another flow gets the resource meanwhile, and the release comes too late.
import { Redis } from 'ioredis';
import Redlock from 'redlock';

const redis = new Redis(process.env.LOCKDEP_SPEC_REDIS);
const redlock = new Redlock([redis], { retryCount: 100, retryDelay: 10, retryJitter: 1 });
const unlock = (lock) => (lock.release ? lock.release() : lock.unlock());
const report = `report:${process.pid}`;

async function slow(until) {
  const lock = await redlock.acquire([report], 100);
  await until;
  await unlock(lock).catch((error) => console.log('too late:', error.name));
}

async function next() {
  const lock = await redlock.acquire([report], 60_000);
  console.log('got it');
  return lock;
}

let done;
const first = slow(new Promise((resolve) => (done = resolve)));
const second = await next();
done();
await first;
await unlock(second);
redis.disconnect();
