// The release is not in a finally: an error keeps the lock, and the next caller would wait for ever.
import imported from 'await-lock';

const AwaitLock = imported.default ?? imported;
const store = new AwaitLock();

async function save(text) {
  await store.acquireAsync();
  JSON.parse(text);
  store.release();
}

await save('{}');
await save('{').catch((error) => console.log(error.name));
console.log(store.tryAcquire());
