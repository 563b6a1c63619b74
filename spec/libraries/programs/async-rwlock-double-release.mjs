// The second unlock is one of nobody's: the library throws.
import { ErrNotLocked, RWLock } from 'async-rwlock';

const table = new RWLock();

async function write() {
  await table.writeLock();
  try {
    table.unlock();
  } finally {
    table.unlock();
  }
}

await write().catch((error) => console.log(error === ErrNotLocked, error.message));
