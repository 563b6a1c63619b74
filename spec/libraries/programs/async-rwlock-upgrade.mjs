// One flow reads, and asks to write the same lock before it has given the reading back: it waits for itself.
import { RWLock } from 'async-rwlock';

const table = new RWLock();

async function touch() {
  await table.readLock();
  console.log('reading');
  await table.writeLock();
  console.log('never');
}

void touch();
