// The second release is that of somebody else, who waits for the lock meanwhile.
import { setImmediate as turn } from 'node:timers/promises';
import library from 'semaphore-async-await';

const store = new library.Lock();

async function save() {
  await store.acquire();
  store.release();
  await turn();
  store.release();
}

async function load() {
  await store.acquire();
  await turn();
  await turn();
  console.log(store.getPermits());
}

await Promise.all([save(), load()]);
