// The release is not in a finally: an error keeps the unit for good.
import { Sema } from 'async-sema';

const store = new Sema(2);

async function save(text) {
  await store.acquire();
  JSON.parse(text);
  store.release();
}

await save('{}');
await save('{').catch((error) => console.log(error.name));
console.log('done');
