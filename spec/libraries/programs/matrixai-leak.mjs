// A failure between the lock and the release: nobody gives it back.
import * as locks from '@matrixai/async-locks';

const { Lock } = locks.default ?? locks;
const table = new Lock();

async function insert(row) {
  const [release] = await table.lock()();
  console.log(row.name);
  await release();
}

await insert({ name: 'first' });
await insert(undefined).catch((error) => console.log(error.name));
