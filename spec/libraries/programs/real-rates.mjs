// MetaMask/core#195, ethereumjs-monorepo#877: the release does not stand in a finally, and an exception leaves the lock held for
// ever: the next call waits, and the process ends without a word.
import { Mutex } from 'async-mutex';

const mutex = new Mutex();

async function fetchRates(fail) {
  if (fail) {
    throw new Error('offline');
  }
}

async function update(fail) {
  const release = await mutex.acquire();
  await fetchRates(fail);
  release();
}

async function main() {
  await update(false);
  await update(true).catch(({ message }) => console.log(message));
  await update(false);
  console.log('never');
}

void main();
