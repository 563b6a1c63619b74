// Two ways through the code take two resources one after the other, in opposite orders. It works as long as they do not meet.
import { Redis } from 'ioredis';
import Redlock from 'redlock';

const redis = new Redis(process.env.LOCKDEP_SPEC_REDIS);
const redlock = new Redlock([redis]);
const unlock = (lock) => (lock.release ? lock.release() : lock.unlock());
const id = process.pid;

async function admit() {
  const provider = await redlock.acquire([`provider:${id}`], 5_000);
  const thread = await redlock.acquire([`thread:${id}`], 5_000);
  await unlock(thread);
  await unlock(provider);
}

async function complete() {
  const thread = await redlock.acquire([`thread:${id}`], 5_000);
  const provider = await redlock.acquire([`provider:${id}`], 5_000);
  await unlock(provider);
  await unlock(thread);
}

await admit();
await complete();
console.log('both done');
redis.disconnect();
