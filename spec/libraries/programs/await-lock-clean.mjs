// Everything that await-lock does, with contention, time-outs and failures, and used as it should be: nothing to find.
import { setImmediate as turn } from 'node:timers/promises';
import imported from 'await-lock';

const AwaitLock = imported.default ?? imported;
const said = [];
const store = new AwaitLock();
const index = new AwaitLock();

async function save(name) {
  await store.acquireAsync();
  try {
    await index.acquireAsync({ timeout: 1000 });
    said.push(name);
    await turn();
    index.release();
    if (name === 'b') {
      throw new Error('b failed');
    }
  } catch (error) {
    said.push(error.message);
  } finally {
    store.release();
  }
}

await Promise.all(['a', 'b', 'c'].map(save));
console.log(said.join(', '), store.acquired);

// The opposite order is only tried.
await index.acquireAsync();
console.log('tried', store.tryAcquire(), store.tryAcquire(), store.acquired);
store.release();
index.release();

// Somebody waits, and gives up; somebody else gets it in the meantime.
async function hold(until) {
  await store.acquireAsync();
  await until;
  store.release();
}
let open;
const held = hold(new Promise((resolve) => (open = resolve)));
const queue = [store.acquireAsync({ timeout: 5 }), store.acquireAsync({ timeout: 60_000 })];
const late = store.acquireAsync();
await queue[0].catch((error) => console.log(error.message));
open();
await held;
await queue[1];
store.release();
await late;
store.release();
console.log(store.acquired);

// A function that takes it and leaves the release to whoever called it.
async function open2() {
  await store.acquireAsync();
  return () => store.release();
}
const close = await open2();
close();

try {
  store.acquireAsync(null);
} catch (error) {
  console.log(error instanceof TypeError);
}
class Named extends AwaitLock {
  name = 'named';
}
const named = new Named();
await named.acquireAsync();
named.release();
console.log(named instanceof AwaitLock, named.name, Object.keys(named).join());
