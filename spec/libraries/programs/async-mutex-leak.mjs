// The release is not in a finally: an error keeps the mutex for good.
import { Mutex } from 'async-mutex';

const store = new Mutex();

async function save(text) {
  const release = await store.acquire();
  JSON.parse(text);
  release();
}

await save('{}');
await save('{').catch((error) => console.log(error.name));
console.log(store.isLocked());
