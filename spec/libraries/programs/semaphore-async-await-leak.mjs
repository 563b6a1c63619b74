// The release is not in a finally: an error keeps the permit for good.
import library from 'semaphore-async-await';

const store = new library.default(2);

async function save(text) {
  await store.acquire();
  JSON.parse(text);
  store.release();
}

await save('{}');
await save('{').catch((error) => console.log(error.name));
console.log(store.getPermits());
