// Released in catch and once more in finally: the second time nobody holds it.
import imported from 'await-lock';

const AwaitLock = imported.default ?? imported;
const store = new AwaitLock();

async function save(text) {
  await store.acquireAsync();
  try {
    JSON.parse(text);
  } catch {
    store.release();
  } finally {
    store.release();
  }
}

await save('{').catch((error) => console.log(error.message));
