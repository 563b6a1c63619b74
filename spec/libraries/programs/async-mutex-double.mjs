// Released in catch and once more in finally by a plain release: the second time nobody holds it.
import { Mutex } from 'async-mutex';

const store = new Mutex();

async function save(text) {
  await store.acquire();
  try {
    JSON.parse(text);
  } catch (error) {
    console.log(error.name);
    store.release();
  } finally {
    store.release();
  }
}

await save('{');
