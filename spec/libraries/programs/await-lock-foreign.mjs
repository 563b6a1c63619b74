// The same while another flow waits for the lock: the second release is that of the other one, and a third gets in beside it.
import { setImmediate as turn } from 'node:timers/promises';
import imported from 'await-lock';

const AwaitLock = imported.default ?? imported;
const store = new AwaitLock();
let inside = 0;

async function save(text) {
  await store.acquireAsync();
  inside++;
  try {
    JSON.parse(text);
  } catch {
    inside--;
    store.release();
    await turn();
  }
  store.release();
}

async function load() {
  await store.acquireAsync();
  inside++;
  await turn();
  await turn();
  await turn();
  console.log(inside, 'inside');
  inside--;
  if (store.acquired) {
    store.release();
  }
}

await Promise.all([save('{'), load(), load()]);
