// MetaMask/core#4181 in keys: a locked method calls another one that takes the same key. It waits for itself.
import AsyncLock from 'async-lock';

const accounts = new AsyncLock();

async function rename(id) {
  await accounts.acquire(`account:${id}`, () => console.log('renamed'));
}

async function update(id) {
  await accounts.acquire(`account:${id}`, async () => {
    console.log('updates');
    await rename(id);
  });
}

void update(17);
