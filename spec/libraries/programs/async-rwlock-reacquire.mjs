// A function that has the lock as the writer calls another one that takes it to read.
import { RWLock } from 'async-rwlock';

const table = new RWLock();

async function count() {
  await table.readLock();
  console.log('never');
  table.unlock();
}

async function insert() {
  await table.writeLock();
  console.log('writing');
  await count();
  table.unlock();
}

void insert();
