// The second release is that of another flow, which waits for the mutex meanwhile.
import { setImmediate as turn } from 'node:timers/promises';
import { Mutex } from 'async-mutex';

const store = new Mutex();

async function save() {
  await store.acquire();
  store.release();
  await turn();
  store.release();
}

async function load() {
  const release = await store.acquire();
  await turn();
  await turn();
  console.log(store.isLocked());
  release();
}

await Promise.all([save(), load()]);
