// Released in catch and once more in finally: from then on two get in at once.
import library from 'semaphore-async-await';

const store = new library.Lock();

async function save(text) {
  await store.acquire();
  try {
    JSON.parse(text);
  } catch {
    store.release();
  } finally {
    store.release();
  }
}

await save('{');
console.log(store.getPermits());
