// A writer whose time is over stays in the queue of the library, gets the lock in its turn, and nobody ever gives it back.
import { RWLock, State } from 'async-rwlock';

const table = new RWLock();

async function slow() {
  await table.readLock();
  await new Promise((resolve) => setTimeout(resolve, 30));
  table.unlock();
}

async function hasty() {
  await table.writeLock(5).catch((error) => console.log(error.message));
}

await Promise.all([slow(), hasty()]);
console.log(table.getState() === State.Writing);
