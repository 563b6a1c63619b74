// A failure between the lock and the unlock: nobody gives it back.
import { RWLock } from 'async-rwlock';

const table = new RWLock();

async function write(row) {
  await table.writeLock();
  const { name } = row;
  console.log(name);
  table.unlock();
}

await write({ name: 'first' });
await write(undefined).catch((error) => console.log(error.name));
